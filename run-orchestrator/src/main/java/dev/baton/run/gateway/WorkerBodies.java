package dev.baton.run.gateway;

import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.JsonMappingException;

import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.worker.CompleteRequest;
import dev.baton.wire.worker.DequeueRequest;
import dev.baton.wire.worker.HeartbeatRequest;
import dev.baton.wire.worker.PromoteRequest;
import dev.baton.wire.worker.RegisterRequest;
import dev.baton.wire.worker.StartRequest;

/** Reads and checks what workers send. Every refusal is a 400 (413 for size) that says what was expected. */
final class WorkerBodies {
    /** Enough for the ids of {@value #RUNS_MAX} runs. */
    static final int BODY_BYTES_MAX = 512 * 1024;
    static final int RUNS_MAX = 10_000;
    static final int SLOTS_MAX = 100;
    static final int LIMITS_MAX = 100;
    static final int WAIT_SECONDS_MAX = 60;
    static final int NAME_CHARS_MAX = 256;
    /** Longer texts are cut: the end of a stack of causes helps nobody. */
    static final int ERROR_CHARS_MAX = 2_000;
    private static final Set<RunOutcome> OUTCOMES = EnumSet.of(RunOutcome.COMPLETED, RunOutcome.FAILED,
            RunOutcome.CANCELLED);

    private WorkerBodies() {}

    static RegisterRequest register(byte[] body) {
        RegisterRequest request = read(body, RegisterRequest.class);
        name("workerId", request.workerId());
        name("task", request.task());
        name("version", request.version());
        range("capacity", request.capacity(), RUNS_MAX);
        Map<String, Integer> limits = request.limits() == null ? Map.of() : request.limits();
        if (limits.size() > LIMITS_MAX) {
            throw GatewayRefusal.badRequest("expected limits to hold at most " + LIMITS_MAX + " names, but was "
                    + limits.size());
        }
        limits.forEach((limit, runs) -> {
            name("limits{}", limit);
            range("limits." + limit, runs == null ? 0 : runs, RUNS_MAX);
        });
        return request;
    }

    static PromoteRequest promote(byte[] body) {
        PromoteRequest request = read(body, PromoteRequest.class);
        name("task", request.task());
        return request;
    }

    /** The version in a path. */
    static String version(String text) {
        name("version", text);
        return text;
    }

    static DequeueRequest dequeue(byte[] body) {
        DequeueRequest request = read(body, DequeueRequest.class);
        name("workerId", request.workerId());
        name("task", request.task());
        name("version", request.version());
        range("slots", request.slots(), SLOTS_MAX);
        range("waitSeconds", request.waitSeconds(), WAIT_SECONDS_MAX);
        return request;
    }

    static HeartbeatRequest heartbeat(byte[] body) {
        HeartbeatRequest request = read(body, HeartbeatRequest.class);
        name("workerId", request.workerId());
        name("task", request.task());
        name("version", request.version());
        runs("runs", request.runs());
        if (request.waiting() != null) {
            runs("waiting", request.waiting());
        }
        return request;
    }

    static StartRequest start(byte[] body) {
        StartRequest request = read(body, StartRequest.class);
        name("workerId", request.workerId());
        name("task", request.task());
        return request;
    }

    static CompleteRequest complete(byte[] body) {
        CompleteRequest request = read(body, CompleteRequest.class);
        name("workerId", request.workerId());
        name("task", request.task());
        if (request.outcome() == null || !OUTCOMES.contains(request.outcome())) {
            throw GatewayRefusal.badRequest("expected outcome to be completed, failed or cancelled, but was "
                    + (request.outcome() == null ? "absent" : request.outcome().label()));
        }
        String error = request.error();
        return error == null || error.length() <= ERROR_CHARS_MAX
                ? request
                : new CompleteRequest(request.workerId(), request.task(), request.outcome(), request.settledInSeq(),
                        request.firstTurnSettled(), error.substring(0, ERROR_CHARS_MAX));
    }

    /** The attempt number in a path. */
    static int attempt(String text) {
        try {
            int attempt = Integer.parseInt(text);
            if (attempt >= 1) {
                return attempt;
            }
        } catch (NumberFormatException _) {
            // Answered below.
        }
        throw GatewayRefusal.badRequest("expected the attempt to be a whole number from 1, but was '" + text + "'");
    }

    private static <T> T read(byte[] body, Class<T> type) {
        if (body.length == 0) {
            throw GatewayRefusal.badRequest("Request body is empty");
        }
        if (body.length > BODY_BYTES_MAX) {
            throw GatewayRefusal.tooLarge();
        }
        try {
            T value = WireJson.read(body, type);
            if (value != null) {
                return value;
            }
        } catch (UncheckedIOException e) {
            throw GatewayRefusal.badRequest(explain(e));
        }
        throw GatewayRefusal.badRequest("expected a JSON object, but was null");
    }

    /** The parser's own message would quote the body. */
    private static String explain(UncheckedIOException failure) {
        if (failure.getCause() instanceof JsonMappingException misfit && !misfit.getPath().isEmpty()
                && !(misfit.getCause() instanceof JsonParseException)) {
            return "expected a fitting value for '" + misfit.getPath().getFirst().getFieldName() + "'";
        }
        return failure.getCause() instanceof JsonMappingException ? "expected a JSON object" : "Invalid JSON";
    }

    private static void name(String field, String value) {
        if (value == null || value.isBlank() || value.length() > NAME_CHARS_MAX) {
            throw GatewayRefusal.badRequest("expected " + field + " to be a text of 1 to " + NAME_CHARS_MAX
                    + " characters, but was " + (value == null ? "absent" : value.length() + " characters"));
        }
    }

    private static void range(String field, int value, int max) {
        if (value < 1 || value > max) {
            throw GatewayRefusal.badRequest("expected " + field + " between 1 and " + max + ", but was " + value);
        }
    }

    private static void runs(String field, List<String> runs) {
        if (runs == null || runs.size() > RUNS_MAX) {
            throw GatewayRefusal.badRequest("expected " + field + " to be a list of at most " + RUNS_MAX
                    + " ids, but was " + (runs == null ? "absent" : runs.size()));
        }
        runs.forEach(runId -> name(field + "[]", runId));
    }
}
