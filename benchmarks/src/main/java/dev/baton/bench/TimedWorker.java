package dev.baton.bench;

import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/** A worker that always has a poll open and notes when each run came. It heartbeats with its next poll only, so rounds are short. */
final class TimedWorker implements AutoCloseable {
    private static final int SLOTS = 64;
    private static final int POLL_SECONDS = 20;
    private static final int RUN_PATIENCE_SECONDS = 20;

    /**
     * A run that this worker was given.
     *
     * @param atNanos when the answer to the poll was there, by {@link System#nanoTime()}
     */
    record Given(JsonNode run, long atNanos) {}

    private final Target target;
    private final String workerId = "bench-" + UUID.randomUUID();
    private final String task = "bench-" + UUID.randomUUID();
    /** By session id and generation: whoever comes first, the run or the one who waits for it, makes the future. */
    private final Map<String, CompletableFuture<Given>> runs = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    private TimedWorker(Target target) {
        this.target = target;
        this.thread = Thread.ofPlatform().daemon().name("bench-worker").unstarted(this::poll);
    }

    static TimedWorker start(Target target) {
        TimedWorker worker = new TimedWorker(target);
        worker.thread.start();
        return worker;
    }

    String task() {
        return task;
    }

    private void poll() {
        String body = identity().put("version", "bench").put("slots", SLOTS).put("waitSeconds", POLL_SECONDS)
                .toString();
        try {
            while (!closed) {
                JsonNode answer = target.post("/api/v1/workers/dequeue", body);
                long now = System.nanoTime();
                answer.path("runs")
                        .forEach(run -> future(run.path("sessionId").asText(), run.path("generation").asLong())
                                .complete(new Given(run, now)));
            }
        } catch (IOException e) {
            runs.values().forEach(waiting -> waiting.completeExceptionally(e));
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    /** Waits until this worker has the run of a session with this generation. */
    Given await(String sessionId, long generation) throws IOException, InterruptedException {
        try {
            return future(sessionId, generation).get(RUN_PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("expected run " + generation + " of " + sessionId + " within " + RUN_PATIENCE_SECONDS
                    + " s, but it did not come", e);
        } catch (ExecutionException e) {
            throw new IOException("the worker's poll failed: " + e.getCause().getMessage(), e);
        }
    }

    private CompletableFuture<Given> future(String sessionId, long generation) {
        return runs.computeIfAbsent(sessionId + "/" + generation, _ -> new CompletableFuture<>());
    }

    /**
     * Starts the run and ends it at once, as an agent does that has idled long enough.
     *
     * @param settledInSeq last message it has dealt with, -1 for none
     */
    void startAndComplete(JsonNode run, long settledInSeq) throws IOException, InterruptedException {
        String attempt = "/api/v1/runs/" + run.path("runId").asText() + "/attempts/" + run.path("attempt").asInt();
        target.post(attempt + "/start", identity().toString());
        ObjectNode end = identity().put("outcome", "completed").put("firstTurnSettled", false);
        if (settledInSeq >= 0) {
            end.put("settledInSeq", settledInSeq);
        }
        target.post(attempt + "/complete", end.toString());
    }

    private ObjectNode identity() {
        return WireJson.MAPPER.createObjectNode().put("workerId", workerId).put("task", task);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
