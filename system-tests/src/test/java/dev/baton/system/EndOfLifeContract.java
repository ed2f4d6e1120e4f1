package dev.baton.system;

import java.time.Instant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** Closed and expired sessions: no more writes, reads go on (contract §1.6, §1.10, §2.1, §2.5). */
abstract class EndOfLifeContract {
    private static final String NO_RETRY = "x-should-retry";

    /** PROTOCOL 2.7. */
    @Test
    @DisplayName("contract §1.6: close is write-once and answers the row")
    void theFirstCloseCounts(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "one");
        chat.turns(1);

        // When
        JsonNode first = chat.close("done").expect(200).json();
        JsonNode second = chat.close("again").expect(200).json();

        // Then
        assertEquals("done", first.path("closedReason").asText());
        Instant.parse(first.path("closedAt").asText());
        assertEquals(first, second);
        assertEquals(first, chat.retrieve());
    }

    /** PROTOCOL 2.19. */
    @Test
    @DisplayName("contract §12: a close without a body is accepted")
    void aCloseNeedsNoBody(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        HttpAnswer closed = baton.post(chat.sessionPath("/close"), "");

        // Then
        assertFalse(closed.expect(200).json().path("closedAt").isNull());
    }

    /** PROTOCOL 3.3, 6.6. */
    @Test
    @DisplayName("contract §2.5: an append to a closed session is 409 session_closed and is not to be retried")
    void aClosedSessionTakesNoAppend(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "one");
        chat.turns(1);
        chat.close("done").expect(200);
        int before = chat.recordsNow("in").size();

        // When
        HttpAnswer answer = chat.tryAppend("too late");

        // Then
        assertEquals(409, answer.status(), answer.toString());
        assertEquals("session_closed", answer.json().path("code").asText());
        assertEquals("done", answer.json().path("closedReason").asText());
        assertEquals("Cannot append to a closed session", answer.json().path("error").asText());
        assertFalse(answer.json().path("ok").asBoolean(true));
        assertEquals("false", answer.header(NO_RETRY).orElseThrow());
        assertEquals(before, chat.recordsNow("in").size());
    }

    /** PROTOCOL 2.3, 6.6. */
    @Test
    @DisplayName("contract §1.2: a create on a closed session is 409")
    void aClosedSessionIsNotCreatedAgain(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        chat.close("done").expect(200);

        // When
        HttpAnswer answer = baton.post("/api/v1/sessions", Chat.createBody(chat.chatId(), "again").toString());

        // Then
        assertEquals("{\"error\":\"Session is closed; use a different externalId to create a new session\"}",
                answer.expect(409).body());
        assertEquals("false", answer.header(NO_RETRY).orElseThrow());
    }

    /** PROTOCOL 2.8, 4.1. */
    @Test
    @DisplayName("contract §1.7, §2.1: a closed session gives no new run and no writer")
    void aClosedSessionHandsNothingOver(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        chat.close("done").expect(200);

        // When
        HttpAnswer swap = baton.post(chat.sessionPath("/end-and-continue"),
                "{\"callingRunId\":\"" + chat.firstRunId() + "\",\"reason\":\"upgrade\"}");
        HttpAnswer init = baton.put(chat.channelPath("in", ""));

        // Then
        assertEquals("{\"error\":\"Cannot end-and-continue a closed session\"}", swap.expect(400).body());
        assertEquals("Cannot initialize a channel on a closed session", init.expect(400).body());
        assertEquals(1, chat.runs().size());
    }

    /** PROTOCOL 2.7. */
    @Test
    @DisplayName("contract §1.6: reads keep working after the close")
    void aClosedSessionCanBeRead(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "one");
        chat.turns(1);

        // When
        chat.close("done").expect(200);

        // Then
        assertEquals(1, chat.turns(1).size());
        assertEquals(chat.turns(1).getFirst().records().size(), chat.recordsNow("out").size());
        baton.get(chat.sessionPath("/snapshot-url")).expect(200);
        assertEquals(1, chat.runs().size());
    }

    /** PROTOCOL 2.7. */
    @Test
    @DisplayName("contract §1.6: the close wakes the parked run, which ends")
    void theParkedRunOfAClosedSessionEnds(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "one");
        chat.turns(1);

        // When
        chat.close("done").expect(200);

        // Then
        await().atMost(Patience.TURN)
                .until(() -> chat.runs().getFirst().path("outcome").asText("").equals("completed"));
    }

    /** PROTOCOL 3.3. */
    @Test
    @DisplayName("contract §1.2, §1.7, §2.5: an expired session takes no create, no append, no hand-over")
    void anExpiredSessionTakesNothing(BatonClient baton) {
        // Given
        String chatId = Chat.newChatId();
        ObjectNode body = Chat.createBody(chatId, null);
        body.put("expiresAt", "2020-01-01T00:00:00.000Z");
        Chat chat = Chat.start(baton, chatId, body);

        // When
        HttpAnswer append = chat.tryAppend("too late");
        HttpAnswer create = baton.post("/api/v1/sessions", body.toString());
        HttpAnswer swap = baton.post(chat.sessionPath("/end-and-continue"),
                "{\"callingRunId\":\"" + chat.firstRunId() + "\",\"reason\":\"upgrade\"}");

        // Then
        assertEquals("{\"ok\":false,\"error\":\"Cannot append to an expired session\"}", append.expect(400).body());
        assertEquals("{\"error\":\"Session is expired; use a different externalId to create a new session\"}",
                create.expect(409).body());
        assertEquals("{\"error\":\"Cannot end-and-continue an expired session\"}", swap.expect(400).body());
        assertEquals(0, chat.recordsNow("in").size());
    }
}
