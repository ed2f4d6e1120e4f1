package dev.baton.system;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.Turn;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The snapshot of a session in the object store (contract §1.8, §7.4; design D9; issue 2 item 7). */
abstract class HistoryContract {
    /** PROTOCOL 2.9. */
    @Test
    @DisplayName("contract §1.8: before the first turn there is no snapshot: 404 behind the URL")
    void aFreshSessionHasNoSnapshot(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        HttpAnswer blob = BatonClient.fetch("GET", presignedUrl(chat), null);

        // Then
        assertEquals(404, blob.status());
    }

    @Test
    @DisplayName("issue 2 item 7: after every turn the snapshot holds all messages and both cursors")
    void everyTurnBoundaryWritesTheWholeHistory(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "one");
        Turn first = chat.turns(1).getFirst();
        JsonNode afterFirst = awaitSnapshot(chat, first.last().seq());

        // When
        chat.append("two");
        Turn second = chat.turns(2).getLast();

        // Then
        JsonNode afterSecond = awaitSnapshot(chat, second.last().seq());
        assertEquals(1, afterFirst.path("version").asInt());
        assertTrue(afterFirst.path("savedAt").isIntegralNumber());
        assertEquals(List.of("user: one", "assistant: " + first.text()), messages(afterFirst));
        assertEquals(List.of("user: one", "assistant: " + first.text(), "user: two", "assistant: " + second.text()),
                messages(afterSecond));
        assertEquals("0", afterSecond.path("lastInEventId").asText());
    }

    @Test
    @DisplayName("issue 2 item 7: the object lies under packets/{project}/{env}/sessions/{friendly id}")
    void theSnapshotLiesUnderTheDocumentedKey(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "one");

        // When
        String byExternalId = presignedUrl(chat);
        String byFriendlyId = baton.get(BatonClient.session(chat.sessionId(), "/snapshot-url")).expect(200).json()
                .path("presignedUrl").asText();

        // Then
        String key = "/packets/proj_local/dev/sessions/" + chat.sessionId() + "/snapshot.json";
        assertTrue(byExternalId.contains(key), byExternalId);
        assertTrue(byFriendlyId.contains(key), byFriendlyId);
    }

    /** PROTOCOL 2.9. */
    @Test
    @DisplayName("contract §1.8: PUT gives a URL that takes the agent's own bytes, whatever they are")
    void anAgentCanWriteItsOwnSnapshot(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        String url = baton.put(chat.sessionPath("/snapshot-url")).expect(200).json().path("presignedUrl").asText();

        // When
        HttpAnswer written = BatonClient.fetch("PUT", url, "{\"v\":2}\nnot for us to read\n");

        // Then
        assertEquals(2, written.status() / 100, written.toString());
        assertEquals("{\"v\":2}\nnot for us to read\n",
                BatonClient.fetch("GET", presignedUrl(chat), null).expect(200).body());
    }

    @Test
    @DisplayName("design D9: a crashed answer is one message in the history, not two")
    void aCrashedAnswerIsOneMessage(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "one");
        chat.append("/crash");
        Turn crashed = chat.turns(2).getLast();

        // When
        chat.append("three");
        Turn last = chat.turns(3).getLast();

        // Then
        JsonNode snapshot = awaitSnapshot(chat, last.last().seq());
        List<String> roles = new ArrayList<>();
        snapshot.path("messages").forEach(message -> roles.add(message.path("role").asText()));
        assertEquals(List.of("user", "assistant", "user", "assistant", "user", "assistant"), roles,
                () -> snapshot + " after " + crashed);
    }

    private static String presignedUrl(Chat chat) {
        return chat.baton().get(chat.sessionPath("/snapshot-url")).expect(200).json().path("presignedUrl").asText();
    }

    /** The snapshot whose tail begins at this turn-complete, as soon as it is there. */
    private static JsonNode awaitSnapshot(Chat chat, long outSeq) {
        String url = presignedUrl(chat);
        return await().atMost(Patience.TURN).until(() -> {
            HttpAnswer blob = BatonClient.fetch("GET", url, null);
            return blob.status() == 200 ? blob.json() : null;
        }, blob -> blob != null && blob.path("lastOutEventId").asText().equals(Long.toString(outSeq)));
    }

    private static List<String> messages(JsonNode snapshot) {
        List<String> messages = new ArrayList<>();
        for (JsonNode message : snapshot.path("messages")) {
            StringBuilder text = new StringBuilder(message.path("role").asText()).append(": ");
            message.path("parts").forEach(part -> text.append(part.path("text").asText("")));
            messages.add(text.toString());
        }
        return messages;
    }
}
