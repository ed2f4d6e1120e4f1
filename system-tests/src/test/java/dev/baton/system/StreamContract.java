package dev.baton.system;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.SseConnection.Frame;
import dev.baton.system.support.StreamRecord;
import dev.baton.system.support.Turn;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Reading a channel: SSE, cursors, the settled peek, the records endpoint (contract §2.2, §2.3, §2.4, §2.7). */
abstract class StreamContract {
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final String SETTLED = "X-Session-Settled";

    /** PROTOCOL 3.5. */
    @Test
    @DisplayName("contract §2.2: headers and frames are what the unmodified clients parse")
    void framesAndHeadersAreAsTheClientsExpect(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "hello");

        // When
        try (SseConnection out = chat.out()) {
            out.awaitTurns(1, Patience.TURN);

            // Then
            assertEquals(200, out.status());
            assertTrue(header(out, "Content-Type").startsWith("text/event-stream"), header(out, "Content-Type"));
            assertEquals("v2", header(out, "X-Stream-Version"));
            assertEquals("*", header(out, "Access-Control-Expose-Headers"));
            for (Frame frame : batches(out)) {
                assertEquals(1, frame.dataLines(), "data is one line");
                assertTrue(frame.id().matches("\\d+.*"), "the id begins with a seq: " + frame);
                assertTrue(WireJson.readTree(frame.data()).path("records").size() > 0, frame.toString());
            }
        }
    }

    /** PROTOCOL 4.3. */
    @Test
    @DisplayName("contract §7.1: .out carries objects under an id; control records carry headers and no body")
    void outCarriesObjectsAndControls(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "hello");

        // When
        Turn turn = chat.turns(1).getFirst();

        // Then
        for (StreamRecord record : turn.records()) {
            if (record.isTurnComplete()) {
                assertEquals("trigger-control", record.headers().getFirst().getFirst(), "first header");
                assertEquals("", record.body());
            } else {
                assertTrue(record.data().isObject(), record.toString());
                assertFalse(record.id().isEmpty(), record.toString());
                assertEquals(List.of(), record.headers());
            }
        }
    }

    /** PROTOCOL 3.5. */
    @Test
    @DisplayName("contract §2.2: headers come at once and a ping about every 5 s, also without any data")
    void aSilentStreamPings(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        try (SseConnection out = chat.out()) {

            // Then
            out.awaitFrame("a ping", Patience.SOON, frame -> "ping".equals(frame.event()));
            Frame ping = out.frames().stream().filter(frame -> "ping".equals(frame.event())).findFirst().orElseThrow();
            assertTrue(WireJson.readTree(ping.data()).path("timestamp").isIntegralNumber(), ping.toString());
        }
    }

    /** PROTOCOL 3.7. */
    @Test
    @DisplayName("contract §2.2: after Timeout-Seconds of silence the stream says [DONE] and ends")
    void silenceEndsTheStream(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        try (SseConnection out = baton.stream(chat.channelPath("out", ""), "Timeout-Seconds", "1")) {

            // Then
            out.awaitEnd(Patience.SOON);
            assertEquals("[DONE]", out.frames().getLast().data());
        }
    }

    /** PROTOCOL 3.7. */
    @Test
    @DisplayName("contract §2.2: the window counts silence, so a long answer is not cut off")
    void aLongAnswerIsNotCutOff(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        try (SseConnection out = baton.stream(chat.channelPath("out", ""), "Timeout-Seconds", "2")) {
            chat.append("/slow 60");

            // Then
            assertEquals(1, Turn.of(out.awaitTurns(1, Patience.TURN)).size());
            out.awaitEnd(Patience.SOON);
        }
    }

    /** PROTOCOL 3.6, 3.12. */
    @Test
    @DisplayName("issue 2 item 9: reconnects in mid-stream with the cursor get each record exactly once")
    void reconnectsInMidStreamLoseAndRepeatNothing(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        List<StreamRecord> pieces = new ArrayList<>();
        chat.append("/slow 40");

        // When
        while (pieces.stream().noneMatch(StreamRecord::isTurnComplete)) {
            try (SseConnection out = pieces.isEmpty() ? chat.out() : chat.out(pieces.getLast().seq())) {
                pieces.addAll(out.awaitRecords("some records", Patience.TURN, enough(4)));
            }
        }

        // Then
        List<StreamRecord> whole = settled(baton, chat);
        assertEquals(whole, upToTurnComplete(pieces));
        assertTrue(whole.size() >= 40, whole.size() + " records");
    }

    /** So many records, or the last of the turn: at its end there may be fewer to come. */
    private static Predicate<List<StreamRecord>> enough(int count) {
        return records -> records.size() >= count || records.stream().anyMatch(StreamRecord::isTurnComplete);
    }

    private static List<StreamRecord> upToTurnComplete(List<StreamRecord> records) {
        return Turn.of(records).getFirst().records();
    }

    /** PROTOCOL 3.6. */
    @Test
    @DisplayName("upstream E5: from every cursor a reader gets exactly the rest")
    void everyCursorYieldsExactlyTheRest(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "/slow 10");
        chat.turns(1);
        List<StreamRecord> whole = settled(baton, chat);

        // When, Then
        for (int cut = 0; cut < whole.size(); cut++) {
            String cursor = Long.toString(whole.get(cut).seq());
            assertEquals(whole.subList(cut + 1, whole.size()), settled(baton, chat, LAST_EVENT_ID, cursor));
            assertEquals(seqs(whole.subList(cut + 1, whole.size())), recordSeqs(baton, chat, cursor));
        }
    }

    /** PROTOCOL 3.6. */
    @Test
    @DisplayName("contract §2.2: a cursor may be digits-…; one that is no number means from the beginning")
    void unusualCursorsAreTolerated(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "hello");
        chat.turns(1);
        List<StreamRecord> whole = settled(baton, chat);

        // When
        List<StreamRecord> withSuffix = settled(baton, chat, LAST_EVENT_ID, whole.get(2).seq() + "-0");
        List<StreamRecord> notANumber = settled(baton, chat, LAST_EVENT_ID, "latest");

        // Then
        assertEquals(whole.subList(3, whole.size()), withSuffix);
        assertEquals(whole, notANumber);
    }

    @Test
    @DisplayName("contract §2.2: a cursor above the tail waits for what comes")
    void aCursorAboveTheTailWaits(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        try (SseConnection in = baton.stream(chat.channelPath("in", ""), LAST_EVENT_ID, "0", "Timeout-Seconds", "60")) {
            chat.append("seq 0");
            chat.append("seq 1");

            // Then
            List<StreamRecord> records = in.awaitRecords("a record", Patience.TURN, all -> !all.isEmpty());
            assertEquals(1, records.getFirst().seq());
        }
    }

    /** PROTOCOL 3.8. */
    @Test
    @DisplayName("contract §2.2: X-Trigger-Stream-Start: latest shows only what comes after connecting")
    void aStreamCanStartAtTheTail(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "before");
        chat.turns(1);

        // When
        try (SseConnection out = baton.stream(chat.channelPath("out", ""), "X-Trigger-Stream-Start", "latest",
                "Timeout-Seconds", "60")) {
            chat.append("after");

            // Then
            List<Turn> turns = Turn.of(out.awaitTurns(1, Patience.TURN));
            assertEquals(2, turns.getFirst().messagesSeen());
        }
    }

    /** PROTOCOL 3.8. */
    @Test
    @DisplayName("contract §2.3, upstream E9: the peek at a finished turn delivers the rest and ends")
    void thePeekAtASettledTailEnds(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "hello");
        List<StreamRecord> whole = chat.turns(1).getFirst().records();

        // When
        try (SseConnection out = baton.stream(chat.channelPath("out", ""), "X-Peek-Settled", "1", "Timeout-Seconds",
                "30", LAST_EVENT_ID, Long.toString(whole.get(1).seq()))) {

            // Then
            assertEquals(whole.subList(2, whole.size()), out.awaitEnd(Patience.SOON));
            assertEquals("true", header(out, SETTLED));
            assertEquals("[DONE]", out.frames().getLast().data());
        }
    }

    @Test
    @DisplayName("contract §2.3: the peek in the middle of a turn reads on as usual")
    void thePeekInTheMiddleOfATurnReadsOn(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "/slow 40");
        try (SseConnection first = chat.out()) {
            first.awaitRecords("the turn to run", Patience.TURN, records -> records.size() > 3);

            // When
            try (SseConnection out = baton.stream(chat.channelPath("out", ""), "X-Peek-Settled", "1",
                    "Timeout-Seconds", "30")) {

                // Then
                assertTrue(out.headers().firstValue(SETTLED).isEmpty());
                assertEquals(Turn.of(first.awaitTurns(1, Patience.TURN)),
                        Turn.of(out.awaitTurns(1, Patience.TURN)));
            }
        }
    }

    /** PROTOCOL 3.10. */
    @Test
    @DisplayName("contract §2.7: the records endpoint answers at once with what the stream shows")
    void theRecordsEndpointShowsTheSameRecords(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "hello");
        Turn turn = chat.turns(1).getFirst();

        // When
        JsonNode records = chat.recordsNow("out");

        // Then
        assertEquals(turn.records().size(), records.size());
        for (int i = 0; i < records.size(); i++) {
            StreamRecord expected = turn.records().get(i);
            JsonNode record = records.get(i);
            assertEquals(expected.seq(), record.path("seqNum").asLong(-1));
            assertEquals(expected.id(), record.path("id").textValue());
            assertEquals(expected.isTurnComplete() ? "" : expected.data().toString(),
                    expected.isTurnComplete() ? record.path("data").textValue() : record.path("data").toString());
        }
        JsonNode control = records.get(records.size() - 1);
        assertEquals("[\"trigger-control\",\"turn-complete\"]", control.path("headers").get(0).toString());
    }

    /** PROTOCOL 3.11. */
    @Test
    @DisplayName("contract §2.4: HEAD answers 200 and X-Last-Chunk-Index")
    void headAnswers(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        HttpAnswer answer = baton.head(chat.channelPath("out", ""));

        // Then
        assertEquals("0", answer.expect(200).header("X-Last-Chunk-Index").orElseThrow());
    }

    /** PROTOCOL 3.9. */
    @Test
    @DisplayName("contract §0.9, upstream EB1: an externalId without a row is an empty stream")
    void anUnknownExternalIdIsAnEmptyStream(BatonClient baton) {
        // Given
        String nobody = Chat.newChatId();

        // When
        HttpAnswer records = baton.get(BatonClient.channel(nobody, "out", "/records"));

        // Then
        assertEquals("{\"records\":[]}", records.expect(200).body());
        try (SseConnection out = baton.stream(BatonClient.channel(nobody, "out", ""), "Timeout-Seconds", "1")) {
            assertEquals(200, out.status());
            assertEquals(List.of(), out.awaitEnd(Patience.SOON));
        }
    }

    /** PROTOCOL 6.3. */
    @Test
    @DisplayName("contract §0.8: a page on another origin may read the stream and its headers")
    void anotherOriginMayReadTheStream(BatonClient baton) {
        // Given
        Chat chat = Chat.startWith(baton, "hello");
        chat.turns(1);
        String token = chat.created().path("publicAccessToken").asText();

        // When
        HttpAnswer answer = baton.as(token).get(chat.channelPath("out", ""), "Origin", "https://app.example",
                "X-Peek-Settled", "1");

        // Then
        assertEquals("https://app.example", answer.expect(200).header("Access-Control-Allow-Origin").orElseThrow());
        assertTrue(answer.body().contains("\"records\""), answer.body());
    }

    private static List<Frame> batches(SseConnection connection) {
        return connection.frames().stream().filter(frame -> "batch".equals(frame.event())).toList();
    }

    private static String header(SseConnection connection, String name) {
        return connection.headers().firstValue(name).orElse("(absent)");
    }

    /** Everything after a cursor of a session whose last turn is complete. */
    private static List<StreamRecord> settled(BatonClient baton, Chat chat, String... headers) {
        List<String> all = new ArrayList<>(List.of("X-Peek-Settled", "1"));
        all.addAll(List.of(headers));
        try (SseConnection out = baton.stream(chat.channelPath("out", ""), all.toArray(String[]::new))) {
            return out.awaitEnd(Patience.SOON);
        }
    }

    private static List<Long> seqs(List<StreamRecord> records) {
        return records.stream().map(StreamRecord::seq).toList();
    }

    private static List<Long> recordSeqs(BatonClient baton, Chat chat, String cursor) {
        JsonNode records = baton.get(chat.channelPath("out", "/records?afterEventId=" + cursor)).expect(200).json()
                .path("records");
        List<Long> seqs = new ArrayList<>();
        records.forEach(record -> seqs.add(record.path("seqNum").asLong(-1)));
        return seqs;
    }
}
