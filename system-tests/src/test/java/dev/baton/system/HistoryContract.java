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
import dev.baton.wire.json.WireJson;

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
    @DisplayName("PROTOCOL 2.9, 2.26: no snapshot is written for a session whose agent keeps the history, and its turns are settled")
    void anAgentMayKeepTheHistoryItself(BatonClient baton) {
        // Given
        Chat declared = Chat.startEmpty(baton);
        Chat uploading = Chat.startEmpty(baton);
        baton.post(declared.sessionPath("/keep-history"), "").expect(200);
        baton.put(uploading.sessionPath("/snapshot-url")).expect(200);
        double before = stoodDown(baton);

        // When
        for (Chat chat : List.of(declared, uploading)) {
            chat.append("one");
            chat.turns(1);
        }

        // Then
        await().atMost(Patience.TURN).until(() -> stoodDown(baton) >= before + 2);
        for (Chat chat : List.of(declared, uploading)) {
            assertEquals(404, BatonClient.fetch("GET", presignedUrl(chat), null).status());
            assertEquals(2, baton.get(chat.sessionPath("/transcript")).expect(200).json().path("messages").size());
            baton.post(chat.sessionPath("/keep-history"), "").expect(200);
        }
        baton.as(declared.created().path("publicAccessToken").asText())
                .post(declared.sessionPath("/keep-history"), "").expect(401);
    }

    @Test
    @DisplayName("PROTOCOL 2.23: a boot without history begins where the conversation is settled, and brings no message")
    void aBootWithoutHistoryBeginsWhereTheConversationIsSettled(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        baton.post(chat.sessionPath("/keep-history"), "").expect(200);
        String path = chat.sessionPath("/boot?history=none");
        assertTrue(baton.get(path).expect(200).json().path("snapshot").isNull());
        chat.append("one");
        long settled = chat.turns(1).getFirst().last().seq();

        // When
        JsonNode boot = await().atMost(Patience.TURN).until(() -> baton.get(path).expect(200).json(),
                answer -> answer.path("out").isEmpty());

        // Then
        assertEquals(Long.toString(settled), boot.at("/snapshot/lastOutEventId").asText());
        assertEquals("0", boot.at("/snapshot/lastInEventId").asText());
        assertEquals(0, boot.at("/snapshot/messages").size());
        assertEquals(0, boot.path("in").size());
        baton.get(chat.sessionPath("/boot?history=some")).expect(400);
    }

    /** Turns that the snapshotter has left alone. */
    private static double stoodDown(BatonClient baton) {
        return baton.get("/metrics").expect(200).body().lines()
                .filter(line -> line.startsWith("baton_snapshotter_turns_total{outcome=\"stood-down\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
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

    /** PROTOCOL 2.23. */
    @Test
    @DisplayName("PROTOCOL 2.23: one answer brings snapshot and both tails, and together they are the whole conversation")
    void aBootIsSnapshotAndTailsAtOneCut(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "one");
        long settled = chat.turns(1).getLast().last().seq();
        awaitSnapshot(chat, settled);
        chat.append("/slow 100");

        // When
        JsonNode boot = await("the answer begins").atMost(Patience.TURN).until(
                () -> baton.get(chat.sessionPath("/boot")).expect(200).json(), answer -> answer.path("out").size() > 0);

        // Then
        assertEquals(Long.toString(settled), boot.at("/snapshot/lastOutEventId").asText());
        assertEquals(2, boot.at("/snapshot/messages").size());
        assertEquals("/slow 100", WireJson.readTree(boot.at("/in/0/data").asText())
                .at("/payload/message/parts/0/text").asText());
        assertTrue(boot.at("/out/0/seqNum").asLong() > settled);
        assertEquals("start", boot.at("/out/0/data/type").asText());
    }

    /** PROTOCOL 2.24. */
    @Test
    @DisplayName("contract §1.11: the transcript has the messages of all turns in pages, and says where the stream goes on")
    void theTranscriptHasAllMessages(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "one");
        chat.turns(1);
        chat.append("two");
        Turn second = chat.turns(2).getLast();

        // When
        JsonNode all = baton.get(chat.sessionPath("/transcript")).expect(200).json();
        JsonNode newest = baton.get(chat.sessionPath("/transcript?limit=3")).expect(200).json();
        JsonNode oldest = baton
                .get(chat.sessionPath("/transcript?limit=3&before=" + newest.path("nextCursor").asText()))
                .expect(200).json();

        // Then
        List<String> messages = messages(all);
        assertEquals(List.of("user: one", "user: two"),
                messages.stream().filter(each -> each.startsWith("user")).toList());
        assertEquals("assistant: " + second.text(), messages.getLast());
        assertEquals(Long.toString(second.last().seq()), all.at("/cursors/lastOutEventId").asText());
        assertEquals("0", all.at("/cursors/lastInEventId").asText());
        assertEquals(messages.subList(1, 4), messages(newest));
        assertEquals(messages.subList(0, 1), messages(oldest));
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
