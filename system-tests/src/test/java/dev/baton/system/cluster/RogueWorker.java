package dev.baton.system.cluster;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.echo.EchoAgent;
import dev.baton.system.support.BatonClient;
import dev.baton.system.support.HttpAnswer;
import dev.baton.wire.json.WireJson;

/**
 * A worker without manners: it takes a run, sends no heartbeat, and goes on writing under the token of its run long after
 * the session has another owner. Real workers stop by themselves; this one has to be stopped.
 */
final class RogueWorker implements AutoCloseable {
    /** The one that the demo agent's processes have, or no run would come. */
    private static final String VERSION = "dev-1";
    private static final Duration PACE = Duration.ofMillis(150);
    /** Three times the lease: what comes in the last part is written by nobody's run, also on a machine that is slow. */
    private static final Duration WRITES_FOR = Duration.ofSeconds(15);
    /** Long enough for somebody else to take the successor. */
    private static final Duration REST = Duration.ofSeconds(6);

    private final BatonClient gateway;
    private final BatonClient ingress;
    private final History history;
    private final String workerId = "rogue-" + UUID.randomUUID();
    private final Thread thread = Thread.ofVirtual().name("rogue").unstarted(this::work);
    private volatile boolean closed;

    private RogueWorker(Deployment deployment, History history) {
        gateway = deployment.gateway();
        ingress = deployment.client();
        this.history = history;
    }

    static RogueWorker start(Deployment deployment, History history) {
        RogueWorker worker = new RogueWorker(deployment, history);
        worker.thread.start();
        return worker;
    }

    private void work() {
        while (!closed) {
            try {
                JsonNode runs = ask("/api/v1/workers/dequeue", body().put("version", VERSION).put("slots", 1)
                        .put("waitSeconds", 2)).path("runs");
                if (!runs.isEmpty()) {
                    abuse(runs.get(0));
                    LockSupport.parkNanos(REST.toNanos());
                }
            } catch (UncheckedIOException | AssertionError e) {
                history.note(workerId, "no run", e.getMessage());
                LockSupport.parkNanos(PACE.toNanos());
            }
        }
    }

    private void abuse(JsonNode run) {
        ask("/api/v1/runs/" + run.path("runId").asText() + "/attempts/" + run.path("attempt").asInt() + "/start",
                body());
        BatonClient token = ingress.as(run.path("runToken").asText());
        String path = BatonClient.channel(run.path("chatId").asText(), "out", "/append");
        long end = System.nanoTime() + WRITES_FOR.toNanos();
        for (int n = 0; System.nanoTime() < end; n++) {
            try {
                HttpAnswer answer = token.post(path,
                        "rogue " + n + " of generation " + run.path("generation").asLong());
                history.note(workerId, "wrote as " + run.path("runId").asText(), answer.status());
            } catch (UncheckedIOException e) {
                history.note(workerId, "no answer", e.getMessage());
            }
            LockSupport.parkNanos(PACE.toNanos());
        }
    }

    private JsonNode ask(String path, ObjectNode body) {
        return gateway.post(path, body.toString()).expect(200).json();
    }

    private ObjectNode body() {
        return WireJson.MAPPER.createObjectNode().put("workerId", workerId).put("task", EchoAgent.TASK);
    }

    /** Returns when it writes no more. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
