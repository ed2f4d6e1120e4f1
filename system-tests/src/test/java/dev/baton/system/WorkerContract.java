package dev.baton.system;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.ProbeWorker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A worker is any HTTP client: leases, hand-over, fencing as it sees them (design D5, D7; issue 2 item 6). */
abstract class WorkerContract {
    /** PROTOCOL 5.1, 5.2. */
    @Test
    @DisplayName("contract §1.9: the first run gets basePayload and sessionId; a continuation says what it continues")
    void theRunPayloadSaysWhatTheRunIsFor(BatonClient baton) {
        // Given
        ProbeWorker worker = ProbeWorker.forNewTask(baton);
        Chat chat = worker.startChat();
        JsonNode first = worker.take();
        worker.start(first).expect(200);
        worker.complete(first, "completed", null).expect(200);

        // When
        chat.append("go on");
        JsonNode second = worker.take();

        // Then
        assertEquals(chat.firstRunId(), first.path("runId").asText());
        assertEquals("initial", first.path("reason").asText());
        assertEquals("preload", first.path("payload").path("trigger").asText());
        assertEquals(chat.sessionId(), first.path("payload").path("sessionId").asText());
        assertFalse(first.path("payload").has("continuation"), first.toString());
        assertEquals("continuation", second.path("reason").asText());
        assertTrue(second.path("payload").path("continuation").asBoolean(), second.toString());
        assertEquals(chat.firstRunId(), second.path("payload").path("previousRunId").asText());
        assertFalse(second.path("payload").has("trigger"), second.toString());
        assertEquals(chat.chatId(), second.path("payload").path("chatId").asText());
    }

    /** PROTOCOL 5.4. */
    @Test
    @DisplayName("design D4: a message that a run leaves unsettled gets a successor without anybody asking")
    void anUnsettledMessageGetsASuccessor(BatonClient baton) {
        // Given
        ProbeWorker worker = ProbeWorker.forNewTask(baton);
        Chat chat = worker.startChat();
        JsonNode first = worker.take();
        worker.start(first).expect(200);
        long seq = chat.append("will not be answered");

        // When
        worker.complete(first, "completed", null).expect(200);

        // Then
        JsonNode second = worker.take();
        assertEquals(2, second.path("generation").asInt());
        worker.start(second).expect(200);
        worker.complete(second, "completed", seq).expect(200);
        await().atMost(Patience.TURN)
                .until(() -> chat.runs().getFirst().path("outcome").asText("").equals("completed"));
        assertEquals(2, chat.runs().size(), "settled: no third run");
    }

    /** PROTOCOL 5.3. */
    @Test
    @DisplayName("design D4: a silent worker loses its lease and the session its run, not its message")
    void aSilentWorkerLosesItsLease(BatonClient baton) {
        // Given
        ProbeWorker silent = ProbeWorker.forNewTask(baton);
        Chat chat = silent.startChat();
        JsonNode lost = silent.take();
        silent.start(lost).expect(200);
        chat.append("is anybody there?");

        // When
        JsonNode successor = silent.sibling().take();

        // Then
        assertEquals(lost.path("runId").asText(), successor.path("previousRunId").asText());
        JsonNode row = chat.runs().getLast();
        assertEquals("crashed", row.path("outcome").asText(), row.toString());
        await("the lost worker is told to stop").atMost(Patience.TURN)
                .until(() -> silent.heartbeat(List.of(lost.path("runId").asText())).expect(200).json().path("cancel")
                        .toString().contains(lost.path("runId").asText()));
    }

    /** PROTOCOL 1.4, 4.9. */
    @Test
    @DisplayName("design D5: after a hand-over the run token of the old run writes nothing any more")
    void aSupersededRunCannotWrite(BatonClient baton) {
        // Given
        ProbeWorker worker = ProbeWorker.forNewTask(baton);
        Chat chat = worker.startChat();
        JsonNode old = worker.take();
        worker.start(old).expect(200);
        BatonClient oldRun = baton.as(old.path("runToken").asText());
        oldRun.post(chat.channelPath("out", "/append"), "while it owns the session").expect(200);

        // When
        String successor = oldRun.post(chat.sessionPath("/end-and-continue"),
                "{\"callingRunId\":\"" + old.path("runId").asText() + "\",\"reason\":\"upgrade\"}").expect(200).json()
                .path("runId").asText();
        HttpAnswer late = oldRun.post(chat.channelPath("out", "/append"), "too late");
        HttpAnswer lateMessage = oldRun.post(chat.channelPath("in", "/append"), "too late");

        // Then
        assertEquals(409, late.status(), late.toString());
        assertEquals("stale_generation", late.json().path("code").asText());
        assertEquals(409, lateMessage.status(), lateMessage.toString());
        JsonNode next = worker.sibling().take();
        assertEquals(successor, next.path("runId").asText());
        assertNotEquals(old.path("runToken").asText(), next.path("runToken").asText());
        baton.as(next.path("runToken").asText()).post(chat.channelPath("out", "/append"), "mine now").expect(200);
        assertEquals(List.of("while it owns the session", "mine now"),
                chat.recordsNow("out").findValuesAsText("data"));
    }

    /** PROTOCOL 1.4, 4.9. */
    @Test
    @DisplayName("design D5: a run that has ended writes nothing, though nobody has followed it yet")
    void aRunThatHasEndedCannotWrite(BatonClient baton) {
        // Given
        ProbeWorker worker = ProbeWorker.forNewTask(baton);
        Chat chat = worker.startChat();
        JsonNode run = worker.take();
        worker.start(run).expect(200);
        BatonClient asRun = baton.as(run.path("runToken").asText());
        asRun.post(chat.channelPath("out", "/append"), "while it lives").expect(200);

        // When
        worker.complete(run, "completed", null).expect(200);
        await().atMost(Patience.TURN)
                .until(() -> chat.runs().getFirst().path("outcome").asText("").equals("completed"));

        // Then
        await("the row says so at every ingress").atMost(Patience.SOON).untilAsserted(() -> {
            HttpAnswer late = asRun.post(chat.channelPath("out", "/append"), "too late");
            assertEquals(409, late.status(), late.toString());
            assertEquals("stale_generation", late.json().path("code").asText());
        });
    }

    /** PROTOCOL 5.5. */
    @Test
    @DisplayName("design D4: a message that kills three runs in a row is settled with an error turn; the next one is served")
    void aPoisonousMessageBlocksNobody(BatonClient baton) {
        // Given
        ProbeWorker worker = ProbeWorker.forNewTask(baton);
        Chat chat = worker.startChat();
        JsonNode first = worker.take();
        worker.start(first).expect(200);
        long poison = chat.append("poison");
        long harmless = chat.append("and on");

        // When
        worker.complete(first, "failed", null).expect(200);
        for (int killed = 2; killed <= 3; killed++) {
            JsonNode run = worker.take();
            worker.start(run).expect(200);
            worker.complete(run, "failed", null).expect(200);
        }

        // Then
        JsonNode next = worker.take();
        assertEquals(4, next.path("generation").asInt());
        JsonNode records = chat.recordsNow("out");
        assertEquals("error", records.get(0).path("data").path("type").asText(), records.toString());
        assertEquals("[[\"trigger-control\",\"turn-complete\"],[\"session-in-event-id\",\"" + poison + "\"]]",
                records.get(1).path("headers").toString());
        worker.start(next).expect(200);
        worker.complete(next, "completed", harmless).expect(200);
        await().atMost(Patience.TURN)
                .until(() -> chat.runs().getFirst().path("outcome").asText("").equals("completed"));
        assertEquals(4, chat.runs().size(), "settled: no fifth run");
    }

    @Test
    @DisplayName("PROTOCOL 1.4: a run token works for its own session only")
    void aRunTokenWorksForItsOwnSessionOnly(BatonClient baton) {
        // Given
        ProbeWorker worker = ProbeWorker.forNewTask(baton);
        Chat own = worker.startChat();
        Chat foreign = Chat.startEmpty(baton);

        // When
        BatonClient run = baton.as(worker.take().path("runToken").asText());

        // Then
        run.get(own.sessionPath("")).expect(200);
        run.get(own.channelPath("in", "/records")).expect(200);
        run.get(foreign.sessionPath("")).expect(403);
        run.get(foreign.channelPath("in", "/records")).expect(403);
        run.post(foreign.channelPath("out", "/append"), "x").expect(403);
    }

    /** PROTOCOL 5.1. */
    @Test
    @DisplayName("issue 2 item 6: a dequeue with nothing to do answers an empty list when its time is up")
    void anIdleDequeueAnswersAnEmptyList(BatonClient baton) {
        // Given
        ProbeWorker worker = ProbeWorker.forNewTask(baton);

        // When
        HttpAnswer answer = worker.dequeue(1);

        // Then
        assertEquals("{\"runs\":[]}", answer.expect(200).json().toString());
    }

    /** PROTOCOL 5.8. */
    @Test
    @DisplayName("features #169: a limit that a worker registers bounds how many runs execute at once")
    void aLimitBoundsHowManyRunsExecuteAtOnce(BatonClient baton) {
        // Given
        ProbeWorker worker = ProbeWorker.forNewTask(baton);
        worker.register(worker.task(), 1).expect(200);
        worker.startChat();
        worker.startChat();

        // When
        JsonNode first = worker.take();
        worker.start(first).expect(200);
        int whileItExecutes = worker.dequeue(1).expect(200).json().path("runs").size();
        worker.complete(first, "completed", null).expect(200);

        // Then
        assertEquals(0, whileItExecutes);
        JsonNode second = worker.take();
        worker.start(second).expect(200);
        worker.complete(second, "completed", null).expect(200);
    }
}
