package dev.baton.system.support;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/**
 * A worker made of bare HTTP calls, for a task of its own: it takes runs and does with them only what the test says, so
 * also nothing at all.
 */
public record ProbeWorker(BatonClient baton, String workerId, String task) {
    private static final Duration DEQUEUE_PATIENCE = Duration.ofSeconds(20);

    public static ProbeWorker forNewTask(BatonClient baton) {
        return new ProbeWorker(baton, "probe-" + UUID.randomUUID(), "task-" + UUID.randomUUID());
    }

    /** Another worker process for the same task. */
    public ProbeWorker sibling() {
        return new ProbeWorker(baton, "probe-" + UUID.randomUUID(), task);
    }

    /** A session of this worker's task. */
    public Chat startChat() {
        String chatId = Chat.newChatId();
        return Chat.start(baton, chatId, Chat.createBody(chatId, null).put("taskIdentifier", task));
    }

    /** Takes one run, waiting for it. */
    public JsonNode take() {
        long deadline = System.nanoTime() + DEQUEUE_PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode runs = dequeue(5).expect(200).json().path("runs");
            if (!runs.isEmpty()) {
                return runs.get(0);
            }
        }
        throw new AssertionError("expected a run of " + task + " within " + DEQUEUE_PATIENCE);
    }

    /** Says what it is, with one limit. */
    public HttpAnswer register(String limit, int runs) {
        ObjectNode body = identity().put("version", "probe-1").put("capacity", 1);
        body.putObject("limits").put(limit, runs);
        return baton.post("/api/v1/workers/register", body.toString());
    }

    public HttpAnswer dequeue(int waitSeconds) {
        return baton.post("/api/v1/workers/dequeue",
                identity().put("version", "probe-1").put("slots", 1).put("waitSeconds", waitSeconds).toString());
    }

    public HttpAnswer heartbeat(List<String> runs) {
        ObjectNode body = identity().put("version", "probe-1");
        runs.forEach(body.putArray("runs")::add);
        return baton.post("/api/v1/workers/heartbeat", body.toString());
    }

    /** All of these runs do nothing but wait. */
    public HttpAnswer heartbeatWaiting(List<String> runs) {
        ObjectNode body = identity().put("version", "probe-1");
        runs.forEach(body.putArray("runs")::add);
        runs.forEach(body.putArray("waiting")::add);
        return baton.post("/api/v1/workers/heartbeat", body.toString());
    }

    public HttpAnswer start(JsonNode run) {
        return baton.post(attempt(run) + "/start", identity().toString());
    }

    public HttpAnswer complete(JsonNode run, String outcome, Long settledInSeq) {
        ObjectNode body = identity().put("outcome", outcome).put("firstTurnSettled", false);
        if (settledInSeq != null) {
            body.put("settledInSeq", settledInSeq);
        }
        return baton.post(attempt(run) + "/complete", body.toString());
    }

    private static String attempt(JsonNode run) {
        return "/api/v1/runs/" + run.path("runId").asText() + "/attempts/" + run.path("attempt").asInt();
    }

    private ObjectNode identity() {
        return WireJson.MAPPER.createObjectNode().put("workerId", workerId).put("task", task);
    }
}
