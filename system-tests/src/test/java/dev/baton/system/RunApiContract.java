package dev.baton.system;

import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.Patience;
import dev.baton.system.support.ProbeWorker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What operators see of runs, and how they stop them (issue, Ownership, item 6; decisions 14 and 15). */
abstract class RunApiContract {
    private static String path(JsonNode run) {
        return "/api/v1/runs/" + run.path("runId").asText();
    }

    private static String status(BatonClient baton, JsonNode run) {
        return baton.get(path(run)).expect(200).json().path("status").asText();
    }

    private static void awaitStatus(BatonClient baton, JsonNode run, String status) {
        await(status).atMost(Patience.SOON).until(() -> status(baton, run).equals(status));
    }

    /** PROTOCOL 2.20. */
    @Test
    @DisplayName("PROTOCOL 2.20: the events of a run tell in order of its way from the request to the end, and its status follows them")
    void theEventsOfARunTellItsLifeInOrder(BatonClient baton) {
        // Given
        ProbeWorker worker = ProbeWorker.forNewTask(baton);
        Chat chat = worker.startChat();
        assertEquals("queued",
                baton.get("/api/v1/runs/" + chat.firstRunId()).expect(200).json().path("status").asText());
        JsonNode run = worker.take();
        List<String> runs = List.of(run.path("runId").asText());
        awaitStatus(baton, run, "dispatched");
        worker.start(run).expect(200);
        awaitStatus(baton, run, "executing");

        // When
        worker.heartbeatWaiting(runs).expect(200);
        awaitStatus(baton, run, "waiting");
        worker.heartbeat(runs).expect(200);
        awaitStatus(baton, run, "executing");
        baton.post(path(run) + "/cancel", "").expect(200);
        await("told to stop").atMost(Patience.SOON)
                .until(() -> worker.heartbeat(runs).expect(200).json().path("cancel").size() == 1);
        worker.complete(run, "cancelled", null).expect(200);

        // Then
        List<String> life = List.of("requested", "dispatched", "started", "waiting", "resumed", "ended", "stopping",
                "stopped");
        await("all events").atMost(Patience.SOON).until(
                () -> baton.get(path(run) + "/events").expect(200).json().path("data").size() == life.size());
        JsonNode events = baton.get(path(run) + "/events").expect(200).json().path("data");
        assertEquals(Set.copyOf(life),
                Set.copyOf(events.valueStream().map(event -> event.path("type").asText()).toList()));
        assertEquals(life.subList(0, 5),
                events.valueStream().map(event -> event.path("type").asText()).toList().subList(0, 5));
        assertEquals(events.valueStream().map(event -> event.path("at").asText()).sorted().toList(),
                events.valueStream().map(event -> event.path("at").asText()).toList());
        assertEquals(worker.workerId(), events.get(1).path("workerId").asText());
        assertEquals("cancelled", status(baton, run));
    }

    /** PROTOCOL 2.21. */
    @Test
    @DisplayName("PROTOCOL 2.21: lists of runs by session, task, version and status hold what fits, the newest first")
    void runsAreListedByWhatOperatorsAskFor(BatonClient baton) {
        // Given
        ProbeWorker worker = ProbeWorker.forNewTask(baton);
        Chat answered = worker.startChat();
        JsonNode first = worker.take();
        worker.start(first).expect(200);
        worker.complete(first, "completed", null).expect(200);
        Chat open = worker.startChat();
        JsonNode second = worker.take();
        worker.start(second).expect(200);
        awaitStatus(baton, first, "completed");
        awaitStatus(baton, second, "executing");
        String ofTask = "filter%5BtaskIdentifier%5D=" + worker.task();

        // Then
        assertEquals(List.of(open.firstRunId(), answered.firstRunId()), listed(baton, ofTask));
        assertEquals(List.of(answered.firstRunId()), listed(baton, ofTask + "&filter%5Bstatus%5D=completed,crashed"));
        assertEquals(List.of(open.firstRunId()), listed(baton, "filter%5Bsession%5D=" + open.chatId()));
        assertEquals(List.of(open.firstRunId()), listed(baton, "filter%5Bsession%5D=" + open.sessionId()));
        assertEquals(List.of(open.firstRunId()),
                listed(baton, ofTask + "&filter%5Bversion%5D=probe-1&filter%5Bstatus%5D=executing"));
        assertEquals(List.of(), listed(baton, ofTask + "&filter%5Bversion%5D=probe-2"));
        baton.get("/api/v1/runs?filter%5Bstatus%5D=asleep").expect(400);
    }

    private static List<String> listed(BatonClient baton, String query) {
        return baton.get("/api/v1/runs?" + query).expect(200).json().path("data").valueStream()
                .map(run -> run.path("runId").asText()).toList();
    }

    /** PROTOCOL 2.22. */
    @Test
    @DisplayName("design D4: a cancelled run is over at once, its worker is told, and the next message gets a run")
    void aCancelledRunIsOverAtOnceAndTheNextMessageGetsARun(BatonClient baton) {
        // Given
        ProbeWorker worker = ProbeWorker.forNewTask(baton);
        Chat chat = worker.startChat();
        JsonNode first = worker.take();
        worker.start(first).expect(200);
        chat.append("will not be answered");
        String path = "/api/v1/runs/" + first.path("runId").asText();

        // When
        JsonNode cancelled = baton.post(path + "/cancel", "").expect(200).json();

        // Then
        assertEquals("cancelled", cancelled.path("status").asText());
        baton.as(first.path("runToken").asText()).post(chat.channelPath("out", "/append"), "late").expect(409);
        await().atMost(Patience.SOON).until(() -> worker.heartbeat(List.of(first.path("runId").asText())).expect(200)
                .json().path("cancel").size() == 1);
        worker.complete(first, "cancelled", null).expect(200);
        assertEquals(1, chat.runs().size(), "silence until the next message");
        chat.append("go on");
        JsonNode second = worker.take();
        assertEquals("continuation", second.path("reason").asText());
        worker.start(second).expect(200);
        worker.complete(second, "completed", 1L).expect(200);
    }

    /** PROTOCOL 5.7. */
    @Test
    @DisplayName("features #137: a run that waits for a worker longer than its ttl expires, and the message keeps a run")
    void aRunThatWaitsTooLongExpires(BatonClient baton) {
        // Given
        String chatId = Chat.newChatId();
        ObjectNode body = Chat.createBody(chatId, "anybody there?").put("taskIdentifier", "task-" + chatId);
        ((ObjectNode) body.path("triggerConfig")).put("ttl", 1);

        // When
        Chat chat = Chat.start(baton, chatId, body);

        // Then
        await().atMost(Patience.SOON).until(() -> baton.get("/api/v1/runs/" + chat.firstRunId()).expect(200).json()
                .path("status").asText().equals("expired"));
        await().atMost(Patience.SOON).until(() -> chat.runs().size() > 1);
    }
}
