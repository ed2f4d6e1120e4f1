package dev.baton.system;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.Race;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.StreamRecord;
import dev.baton.system.support.Turn;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Creating, appending and answering: the everyday life of a session (contract §1.1, §1.2, §2.5, §7). */
abstract class ConversationContract {
    /** PROTOCOL 2.4. */
    @Test
    @DisplayName("issue 2 item 9: create with a first message and stream its answer")
    void theFirstMessageIsAnsweredOnTheStream(BatonClient baton) {
        // When
        Chat chat = Chat.startWith(baton, "hello there");

        // Then
        Turn turn = chat.turns(1).getFirst();
        assertEquals(1, turn.messagesSeen());
        assertTrue(turn.text().contains("hello there"), turn.text());
        assertEquals("start", turn.chunkTypes().getFirst());
        assertEquals("finish", turn.chunkTypes().getLast());
        assertTrue(turn.chunkTypes().stream().filter("text-delta"::equals).count() > 2, "word by word: " + turn);
    }

    /** PROTOCOL 3.4. */
    @Test
    @DisplayName("issue 2 item 9: append and stream; the answers count on, the seqs rise (contract §2.5, §7.2)")
    void appendsAreAnsweredInOrder(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "one");
        try (SseConnection out = chat.out()) {
            out.awaitTurns(1, Patience.TURN);

            // When
            long first = chat.append("two");
            out.awaitTurns(2, Patience.TURN);
            long second = chat.append("three");

            // Then
            List<StreamRecord> records = out.awaitTurns(3, Patience.TURN);
            assertEquals(List.of(0L, 1L), List.of(first, second), ".in is dense from 0 (design D2)");
            assertEquals(List.of(1, 2, 3), Turn.of(records).stream().map(Turn::messagesSeen).toList());
            assertEquals("1", Turn.of(records).getLast().last().header("session-in-event-id").orElseThrow());
            assertRising(records);
        }
    }

    @Test
    @DisplayName("contract §5.5: a session that starts without a message answers the first append")
    void aPreloadedSessionAnswersItsFirstAppend(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        long seq = chat.append("finally");

        // Then
        assertEquals(0, seq);
        assertEquals(1, chat.turns(1).getFirst().messagesSeen());
    }

    /** PROTOCOL 2.1. */
    @Test
    @DisplayName("contract §1.1, §1.2: the answer to a create has every field a client needs")
    void aCreateAnswersWithTheWholeItem(BatonClient baton) {
        // Given
        String chatId = Chat.newChatId();
        ObjectNode body = Chat.createBody(chatId, null);
        body.putArray("tags").add("blue");
        body.putObject("metadata").put("plan", "pro");

        // When
        HttpAnswer answer = baton.post("/api/v1/sessions", body.toString());

        // Then
        JsonNode item = answer.expect(201).json();
        assertTrue(item.path("id").asText().matches("session_c[a-z0-9]{24}"), item.toString());
        assertTrue(item.path("runId").asText().startsWith("run_"), item.toString());
        assertEquals(item.path("runId"), item.path("currentRunId"));
        assertEquals(chatId, item.path("externalId").asText());
        assertEquals("chat.agent", item.path("type").asText());
        assertEquals(Chat.AGENT, item.path("taskIdentifier").asText());
        assertEquals("[\"blue\"]", item.path("tags").toString());
        assertEquals("{\"plan\":\"pro\"}", item.path("metadata").toString());
        assertEquals(body.path("triggerConfig").path("basePayload"), item.path("triggerConfig").path("basePayload"));
        assertFalse(item.path("isCached").asBoolean(true));
        assertEquals(3, item.path("publicAccessToken").asText().split("\\.").length, "a JWT");
        for (String nullable : List.of("closedAt", "closedReason", "expiresAt")) {
            assertTrue(item.path(nullable).isNull(), nullable + " is null and not absent");
        }
        java.time.Instant.parse(item.path("createdAt").asText());
        java.time.Instant.parse(item.path("updatedAt").asText());
    }

    /** PROTOCOL 2.5. */
    @Test
    @DisplayName("contract §0.9: the friendly id and the externalId name the same session and streams")
    void bothAddressFormsNameOneSession(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "one");
        chat.turns(1);

        // When
        HttpAnswer appended = baton.post(BatonClient.channel(chat.sessionId(), "in", "/append"),
                Chat.messageBody(chat.chatId(), "two"));

        // Then
        assertEquals(0, appended.expect(200).json().path("seq").asLong(-1));
        assertEquals(2, chat.turns(2).getLast().messagesSeen());
        assertEquals(chat.retrieve(), baton.get(BatonClient.session(chat.sessionId(), "")).expect(200).json());
        assertEquals(chat.recordsNow("out"),
                baton.get(BatonClient.channel(chat.sessionId(), "out", "/records")).expect(200).json().path("records"));
    }

    @Test
    @DisplayName("contract §0.9, §1.2: without an externalId every create is a new session, named by its friendly id")
    void aSessionCanDoWithoutAnExternalId(BatonClient baton) {
        // Given
        ObjectNode body = Chat.createBody("unused", null);
        body.remove("externalId");

        // When
        String one = baton.post("/api/v1/sessions", body.toString()).expect(201).json().path("id").asText();
        String two = baton.post("/api/v1/sessions", body.toString()).expect(201).json().path("id").asText();

        // Then
        assertFalse(one.equals(two));
        Chat chat = new Chat(baton, one, baton.get(BatonClient.session(one, "")).expect(200).json());
        assertTrue(chat.created().path("externalId").isNull());
        assertEquals(0, chat.append("hello"));
        assertEquals(1, chat.turns(1).getFirst().messagesSeen());
    }

    @Test
    @DisplayName("contract §0.9: an externalId may need URL encoding")
    void anExternalIdMayHoldAnyCharacter(BatonClient baton) {
        // Given
        String chatId = "user/1: ünï & 100% +" + Chat.newChatId();

        // When
        Chat chat = Chat.start(baton, chatId, Chat.createBody(chatId, "hello"));

        // Then
        assertEquals(1, chat.turns(1).getFirst().messagesSeen());
        assertEquals(chatId, chat.retrieve().path("externalId").asText());
        assertEquals(0, chat.append("again"));
        assertEquals(2, chat.turns(2).getLast().messagesSeen());
    }

    /** PROTOCOL 2.3. */
    @Test
    @DisplayName("contract §1.2: a create of an existing session converges and refreshes its triggerConfig")
    void aSecondCreateConverges(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        ObjectNode again = Chat.createBody(chat.chatId(), null);
        ((ObjectNode) again.path("triggerConfig")).put("idleTimeoutInSeconds", 77);

        // When
        JsonNode item = baton.post("/api/v1/sessions", again.toString()).expect(200).json();

        // Then
        assertTrue(item.path("isCached").asBoolean());
        assertEquals(chat.sessionId(), item.path("id").asText());
        assertEquals(chat.firstRunId(), item.path("runId").asText());
        assertEquals(77, chat.retrieve().path("triggerConfig").path("idleTimeoutInSeconds").asInt());
        assertEquals(1, chat.runs().size());
    }

    /** PROTOCOL 2.2. */
    @Test
    @DisplayName("issue 2 item 9: ten concurrent creates give one session and one run")
    void concurrentCreatesGiveOneSessionAndOneRun(BatonClient baton) {
        // Given
        String chatId = Chat.newChatId();
        String body = Chat.createBody(chatId, "hello").toString();

        // When
        List<HttpAnswer> answers = Race.atOnce(10, () -> baton.post("/api/v1/sessions", body));

        // Then
        Set<String> sessions = new HashSet<>();
        Set<String> runs = new HashSet<>();
        for (HttpAnswer answer : answers) {
            assertTrue(Set.of(200, 201).contains(answer.status()), answer.toString());
            assertEquals(answer.status() == 200, answer.json().path("isCached").asBoolean(), answer.toString());
            sessions.add(answer.json().path("id").asText());
            runs.add(answer.json().path("runId").asText());
        }
        assertEquals(1, sessions.size(), sessions.toString());
        assertEquals(1, runs.size(), runs.toString());
        assertEquals(1, answers.stream().filter(answer -> answer.status() == 201).count());
        Chat chat = new Chat(baton, chatId, answers.getFirst().json());
        assertEquals(1, chat.turns(1).size());
        assertEquals(1, chat.runs().size());
    }

    /** PROTOCOL 3.2. */
    @Test
    @DisplayName("contract §2.5: a repeated X-Part-Id answers the first seq and stores one record")
    void aRepeatedPartIdAnswersTheFirstSeq(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        HttpAnswer first = chat.tryAppend("once", "X-Part-Id", "part-1").expect(200);
        HttpAnswer repeated = chat.tryAppend("once", "X-Part-Id", "part-1").expect(200);
        HttpAnswer other = chat.tryAppend("twice", "X-Part-Id", "part-2").expect(200);

        // Then
        assertEquals(List.of(0L, 0L, 1L), List.of(first.json().path("seq").asLong(-1),
                repeated.json().path("seq").asLong(-1), other.json().path("seq").asLong(-1)));
        assertTrue(repeated.json().path("ok").asBoolean());
        JsonNode records = chat.recordsNow("in");
        assertEquals(List.of("part-1", "part-2"), records.findValuesAsText("id"));
    }

    /** PROTOCOL 3.1, 3.4. */
    @Test
    @DisplayName("design D2: concurrent appends get seqs 0 to 9, each once, and all are answered")
    void concurrentAppendsAreAllOrderedAndAnswered(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        List<HttpAnswer> answers = Race.atOnce(10, () -> chat.tryAppend("hello"));

        // Then
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L),
                answers.stream().map(answer -> answer.expect(200).json().path("seq").asLong(-1)).sorted().toList());
        assertEquals(10, chat.recordsNow("in").size());
        assertEquals(10, chat.turns(10).getLast().messagesSeen());
    }

    @Test
    @DisplayName("contract §6.2: an error in a turn is an error chunk and a turn-complete; the chat goes on")
    void anErrorEndsTheTurnAndNotTheChat(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "/error");

        // When
        Turn failed = chat.turns(1).getFirst();
        chat.append("still there?");

        // Then
        JsonNode error = failed.records().stream().filter(record -> record.chunkType().equals("error")).findFirst()
                .orElseThrow().data();
        assertFalse(error.path("errorText").asText().isBlank());
        assertFalse(error.path("errorText").asText().contains("\tat "), "no stack trace");
        assertEquals(2, chat.turns(2).getLast().messagesSeen());
        assertEquals(1, chat.runs().size(), "the run lives on");
    }

    @Test
    @DisplayName("contract §2.2, §2.5: .in shows the raw request body as a string, under the part id")
    void theInChannelShowsWhatWasAppended(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        String text = Chat.messageBody(chat.chatId(), "with \"quotes\" and ünïcode\n");

        // When
        baton.post(chat.channelPath("in", "/append"), text, "X-Part-Id", "p1").expect(200);

        // Then
        try (SseConnection in = baton.stream(chat.channelPath("in", ""))) {
            StreamRecord record = in.awaitRecords("one record", Patience.TURN, all -> !all.isEmpty()).getFirst();
            assertEquals(0, record.seq());
            assertEquals("p1", record.id());
            assertEquals(text, record.data().textValue());
        }
    }

    @Test
    @DisplayName("contract §2.5: a browser cannot pretend to be a webhook; other text stays as it is")
    void aForgedActionSourceIsRemoved(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        String forged = "{\"kind\":\"message\",\"payload\":{\"actionSource\":\"webhook\",\"trigger\":\"action\"}}";
        String noJson = "no JSON, but actionSource";

        // When
        baton.post(chat.channelPath("in", "/append"), forged).expect(200);
        baton.post(chat.channelPath("in", "/append"), noJson).expect(200);

        // Then
        JsonNode records = chat.recordsNow("in");
        assertEquals(WireJson.readTree("{\"kind\":\"message\",\"payload\":{\"trigger\":\"action\"}}"),
                WireJson.readTree(records.get(0).path("data").textValue()));
        assertEquals(noJson, records.get(1).path("data").textValue());
    }

    @Test
    @DisplayName("upstream EA12: two chats never bleed into each other")
    void chatsDoNotSeeEachOther(BatonClient baton) {
        // Given
        Chat apples = Chat.startWith(baton, "apples");
        Chat pears = Chat.startWith(baton, "pears");

        // When
        apples.append("more apples");

        // Then
        assertEquals(2, apples.turns(2).getLast().messagesSeen());
        Turn other = pears.turns(1).getFirst();
        assertEquals(1, other.messagesSeen());
        assertFalse(other.text().contains("apples"), other.text());
    }

    private static void assertRising(List<StreamRecord> records) {
        for (int i = 1; i < records.size(); i++) {
            assertTrue(records.get(i - 1).seq() < records.get(i).seq(), "seqs rise: " + records);
            assertTrue(records.get(i - 1).timestampMs() <= records.get(i).timestampMs(), "times do not fall");
        }
    }
}
