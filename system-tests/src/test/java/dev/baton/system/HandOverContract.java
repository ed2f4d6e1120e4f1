package dev.baton.system;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.StreamRecord;
import dev.baton.system.support.Turn;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Runs come and go, the conversation carries on (design D4, contract §1.7, §1.9, §6.3; issue 2 items 8 and 9). */
abstract class HandOverContract {
    @Test
    @DisplayName("issue 2 item 9: after an idle exit an append starts a continuation that knows the history")
    void anIdleExitIsContinuedByTheNextMessage(BatonClient baton) {
        // Given
        String chatId = Chat.newChatId();
        ObjectNode body = Chat.createBody(chatId, "one");
        ((ObjectNode) body.path("triggerConfig")).put("idleTimeoutInSeconds", 1);
        Chat chat = Chat.start(baton, chatId, body);
        chat.turns(1);
        awaitOutcome(chat, chat.firstRunId(), "completed");

        // When
        chat.append("two");

        // Then
        assertEquals(2, chat.turns(2).getLast().messagesSeen());
        assertHandedOver(chat, "continuation");
    }

    @Test
    @DisplayName("issue 2 item 6: /exit ends the run after its turn; the next message is continued")
    void anEndedRunIsContinuedByTheNextMessage(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "/exit");
        chat.turns(1);
        awaitOutcome(chat, chat.firstRunId(), "completed");
        assertEquals(1, chat.runs().size(), "a settled session needs no successor");

        // When
        chat.append("two");

        // Then
        assertEquals(2, chat.turns(2).getLast().messagesSeen());
        assertHandedOver(chat, "continuation");
    }

    @Test
    @DisplayName("design D4: messages that arrive while a run ends are all answered")
    void messagesThatArriveWhileARunEndsAreAnswered(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        for (int i = 0; i < 4; i++) {
            chat.append("/exit");
            chat.append("and on");
        }

        // Then
        assertEquals(8, chat.turns(8).getLast().messagesSeen());
        assertChained(chat);
    }

    @Test
    @DisplayName("issue 2 item 9: /upgrade on an open stream: the same connection delivers the successor's answer")
    void anUpgradeIsAnsweredOnTheSameConnection(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "one");
        try (SseConnection out = chat.out()) {
            out.awaitTurns(1, Patience.TURN);

            // When
            chat.append("/upgrade");

            // Then
            List<StreamRecord> records = out.awaitTurns(2, Patience.TURN);
            Turn answer = Turn.of(records).getLast();
            assertEquals(2, answer.messagesSeen());
            assertTrue(answer.records().stream().anyMatch(record -> record.isControl("upgrade-required")),
                    "contract §6.3: " + answer);
            assertHandedOver(chat, "upgrade");
            awaitOutcome(chat, chat.firstRunId(), "superseded");
        }
    }

    @Test
    @DisplayName("design D4: an upgrade asked for in the first message is answered by the successor")
    void anUpgradeInTheFirstMessageIsAnsweredByTheSuccessor(BatonClient baton) {
        // When
        Chat chat = Chat.startWith(baton, "/upgrade");

        // Then
        assertEquals(1, chat.turns(1).getFirst().messagesSeen());
        assertHandedOver(chat, "upgrade");
    }

    @Test
    @DisplayName("issue 2 item 9: after /crash the successor completes the turn and the conversation goes on")
    void aCrashedAnswerIsCompletedAndTheConversationGoesOn(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "one");
        chat.turns(1);

        // When
        chat.append("/crash");
        Turn crashed = chat.turns(2).getLast();
        chat.append("three");

        // Then
        assertEquals(2, crashed.messagesSeen());
        assertTrue(crashed.chunkTypes().contains("finish"), "completed: " + crashed.chunkTypes());
        assertEquals(3, chat.turns(3).getLast().messagesSeen());
        assertHandedOver(chat, "continuation");
        awaitOutcome(chat, chat.firstRunId(), "crashed");
    }

    @Test
    @DisplayName("design D4: a crash in the turn of the first message is completed by the successor")
    void aCrashInTheFirstTurnIsCompleted(BatonClient baton) {
        // When
        Chat chat = Chat.startWith(baton, "/crash");

        // Then
        assertEquals(1, chat.turns(1).getFirst().messagesSeen());
        chat.append("two");
        assertEquals(2, chat.turns(2).getLast().messagesSeen());
        assertHandedOver(chat, "continuation");
    }

    /** PROTOCOL 2.10. */
    @Test
    @DisplayName("issue 2 item 8: provenance has every field, newest first")
    void provenanceSaysWhoRanWhenAndWhy(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "/exit");
        chat.turns(1);
        awaitOutcome(chat, chat.firstRunId(), "completed");
        chat.append("two");
        chat.turns(2);

        // When
        List<JsonNode> rows = chat.runs();

        // Then
        assertEquals(List.of("2", "1"), rows.stream().map(row -> row.path("generation").asText()).toList());
        JsonNode second = rows.getFirst();
        JsonNode first = rows.getLast();
        assertEquals("initial", first.path("reason").asText());
        assertTrue(first.path("previousRunId").isNull() || first.path("previousRunId").isMissingNode());
        assertEquals(first.path("runId").asText(), second.path("previousRunId").asText());
        assertFalse(first.path("workerVersion").asText().isEmpty(), first.toString());
        Instant requested = Instant.parse(first.path("requestedAt").asText());
        Instant started = Instant.parse(first.path("startedAt").asText());
        Instant ended = Instant.parse(first.path("endedAt").asText());
        assertFalse(started.isBefore(requested), first.toString());
        assertFalse(ended.isBefore(started), first.toString());
        assertTrue(second.path("endedAt").isNull() || second.path("endedAt").isMissingNode(), second.toString());
        assertEquals(second.path("runId"), chat.retrieve().path("currentRunId"));
    }

    /** PROTOCOL 2.8. */
    @Test
    @DisplayName("contract §1.7: end-and-continue swaps the run for its caller, and for no one else")
    void endAndContinueSwapsOnlyForTheCurrentRun(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "one");
        chat.turns(1);

        // When
        HttpAnswer swapped = endAndContinue(chat, chat.firstRunId(), "deploy");
        HttpAnswer stale = endAndContinue(chat, chat.firstRunId(), "deploy");

        // Then
        String successor = swapped.expect(200).json().path("runId").asText();
        assertTrue(swapped.json().path("swapped").asBoolean(), swapped.toString());
        assertNotEquals(chat.firstRunId(), successor);
        assertFalse(stale.expect(200).json().path("swapped").asBoolean(true), stale.toString());
        assertEquals(successor, stale.json().path("runId").asText());
        chat.append("two");
        assertEquals(2, chat.turns(2).getLast().messagesSeen());
        assertHandedOver(chat, "manual");
    }

    /** PROTOCOL 2.8. */
    @Test
    @DisplayName("contract §1.7: end-and-continue for a run that is not the session's is 404")
    void endAndContinueRefusesAnUnknownRun(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        HttpAnswer answer = endAndContinue(chat, "run_0000000000000000000000000", "upgrade");

        // Then
        assertEquals("{\"error\":\"callingRunId not found in this environment\"}", answer.expect(404).body());
        assertEquals(1, chat.runs().size());
    }

    /** PROTOCOL 2.3. */
    @Test
    @DisplayName("contract §1.2, §1.9: a create of a session whose run is dead starts a continuation")
    void aCreateContinuesADeadRun(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "/exit");
        chat.turns(1);
        awaitOutcome(chat, chat.firstRunId(), "completed");

        // When
        JsonNode again = baton.post("/api/v1/sessions", Chat.createBody(chat.chatId(), null).toString()).expect(200)
                .json();

        // Then
        assertTrue(again.path("isCached").asBoolean());
        assertNotEquals(chat.firstRunId(), again.path("runId").asText());
        chat.append("two");
        assertEquals(2, chat.turns(2).getLast().messagesSeen());
        assertHandedOver(chat, "continuation");
    }

    private static HttpAnswer endAndContinue(Chat chat, String callingRun, String reason) {
        return chat.baton().post(chat.sessionPath("/end-and-continue"),
                "{\"callingRunId\":\"" + callingRun + "\",\"reason\":\"" + reason + "\"}");
    }

    private static void awaitOutcome(Chat chat, String runId, String outcome) {
        await().atMost(Patience.TURN).untilAsserted(() -> {
            JsonNode row = chat.runs().stream().filter(each -> each.path("runId").asText().equals(runId)).findFirst()
                    .orElseThrow(() -> new AssertionError("no row of " + runId));
            assertEquals(outcome, row.path("outcome").asText(), row.toString());
        });
    }

    /** Exactly two runs: the first one, and one for this reason. */
    private static void assertHandedOver(Chat chat, String reason) {
        List<JsonNode> rows = chat.runs();
        assertEquals(List.of(reason, "initial"), rows.stream().map(row -> row.path("reason").asText()).toList(),
                rows.toString());
        assertEquals(chat.firstRunId(), rows.getLast().path("runId").asText());
        assertChained(chat);
    }

    /** Generations without gaps, each run after the one before it. */
    static void assertChained(Chat chat) {
        List<JsonNode> rows = chat.runs();
        for (int i = 0; i < rows.size(); i++) {
            assertEquals(rows.size() - i, rows.get(i).path("generation").asLong(), rows.toString());
            if (i + 1 < rows.size()) {
                assertEquals(rows.get(i + 1).path("runId").asText(), rows.get(i).path("previousRunId").asText(),
                        rows.toString());
            }
        }
    }
}
