package dev.baton.system;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.AppendStream;
import dev.baton.system.support.AppendStream.Answer;
import dev.baton.system.support.AppendStreams;
import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.SseConnection;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Append sessions over HTTP/2 with prior knowledge, protobuf batches and trims (contract §2.6 A, C; §7.7; §13). */
abstract class AppendSessionContract {
    private static final int SESSIONS = 50;
    private static final int CHUNKS = 200;
    private static final int OPEN_STREAMS = 1000;

    /** Where and with what one chat's `.out` is written. */
    private record Target(Chat chat, String url, String token) {
        static Target of(BatonClient baton) {
            // A row is not needed to write, and a session without an agent keeps its channel for itself.
            Chat chat = new Chat(baton, Chat.newChatId(), WireJson.MAPPER.createObjectNode());
            return of(chat);
        }

        static Target of(Chat chat) {
            HttpAnswer init = chat.baton().put(chat.channelPath("out", "")).expect(202);
            return new Target(chat, init.header("X-S2-Endpoint").orElseThrow() + "/streams/"
                    + BatonClient.encode(init.header("X-S2-Stream-Name").orElseThrow()) + "/records",
                    init.header("X-S2-Access-Token").orElseThrow());
        }

        AppendStream open(AppendStreams connection) throws Exception {
            return connection.open(url, token);
        }

        HttpAnswer protobuf(byte[] message) {
            String path = url.substring(chat.baton().url().toString().length());
            return chat.baton().as(token).send("POST", path, BodyPublishers.ofByteArray(message), "Content-Type",
                    "application/protobuf");
        }

        HttpAnswer trim(long seq) {
            return protobuf(ByteBuffer.allocate(20).put(HexFormat.of().parseHex("0a12120612047472696d1a08"))
                    .putLong(seq).array());
        }

        List<String> ids() {
            List<String> ids = new ArrayList<>();
            chat.recordsNow("out").forEach(record -> ids.add(record.path("id").asText()));
            return ids;
        }
    }

    private static String data(String id) {
        return "{\"data\":{\"type\":\"data-note\"},\"id\":\"" + id + "\"}";
    }

    /** PROTOCOL 4.4. */
    @Test
    @DisplayName("contract §2.6 A: headers at once, then one acknowledgement for each frame, in order, until both have ended")
    void eachFrameIsAcknowledgedInOrder(BatonClient baton) throws Exception {
        // Given
        Target target = Target.of(baton);
        try (AppendStreams connection = AppendStreams.connect(baton.url())) {
            AppendStream stream = target.open(connection);
            assertEquals(200, stream.status());

            // When
            stream.send(data("a"));
            stream.send(data("b"), data("c"));
            stream.send(data("d"));
            stream.end();
            stream.awaitEnd();

            // Then
            List<Answer> answers = stream.answers();
            assertEquals(List.of(1L, 2L, 1L), answers.stream().map(Answer::count).toList());
            assertTrue(answers.get(0).end() < answers.get(1).end() && answers.get(1).end() < answers.get(2).end());
            assertEquals(List.of("a", "b", "c", "d"), target.ids());
            JsonNode last = target.chat().recordsNow("out").get(3);
            assertEquals(answers.getLast().end() - 1, last.path("seqNum").asLong(-1));
        }
    }

    @Test
    @DisplayName("issue 3: 50 sessions × 200 chunks at once: nothing lost, doubled or out of order")
    void manySessionsAtOnceLoseNothing(BatonClient baton) throws Exception {
        // Given
        List<Target> targets = IntStream.range(0, SESSIONS).mapToObj(_ -> Target.of(baton)).toList();
        List<String> expected = IntStream.range(0, CHUNKS).mapToObj(i -> "c" + i).toList();
        try (AppendStreams connection = AppendStreams.connect(baton.url())) {
            List<AppendStream> streams = new ArrayList<>();
            for (Target target : targets) {
                streams.add(target.open(connection));
            }

            // When
            for (String id : expected) {
                streams.forEach(stream -> stream.send(data(id)));
            }
            for (AppendStream stream : streams) {
                stream.end();
                stream.awaitEnd();
            }

            // Then
            for (int i = 0; i < SESSIONS; i++) {
                assertEquals(CHUNKS, streams.get(i).answers().size());
                assertEquals(expected, targets.get(i).ids());
            }
        }
    }

    @Test
    @DisplayName("issue 3 item 3: a thousand open sessions on one connection, silent ones among them, are all served")
    void aThousandSessionsStayOpen(BatonClient baton) throws Exception {
        // Given
        Target target = Target.of(baton);
        try (AppendStreams connection = AppendStreams.connect(baton.url())) {
            List<AppendStream> streams = new ArrayList<>();
            for (int i = 0; i < OPEN_STREAMS; i++) {
                streams.add(target.open(connection));
            }
            for (AppendStream stream : streams) {
                assertEquals(200, stream.status());
            }

            // When
            for (int i = 0; i < OPEN_STREAMS; i++) {
                streams.get(i).send(data("s" + i));
            }

            // Then
            for (AppendStream stream : streams) {
                assertEquals(200, stream.await(1).getFirst().status());
                assertFalse(stream.ended());
            }
            assertEquals(OPEN_STREAMS, target.ids().stream().distinct().count());
        }
    }

    /** PROTOCOL 4.5. */
    @Test
    @DisplayName("contract §2.6 A: what is refused ends the session with status and code, behind the acknowledgements before it")
    void aRefusalIsTheLastFrame(BatonClient baton) throws Exception {
        // Given
        Target target = Target.of(baton);
        byte[] conditional = AppendStream.frame(0, HexFormat.of().parseHex("0a031a01781007"));
        byte[] fenced = AppendStream.frame(0, HexFormat.of().parseHex("0a031a01781a0161"));
        byte[] compressed = AppendStream.frame(0x40, new byte[]{1});
        byte[] empty = AppendStream.frame(0, new byte[0]);
        byte[] large = HexFormat.of().parseHex("20000100");
        try (AppendStreams connection = AppendStreams.connect(baton.url())) {
            for (byte[] frame : List.of(conditional, fenced, compressed, empty, large)) {
                AppendStream stream = target.open(connection);
                stream.send(data("before"));

                // When
                stream.sendRaw(frame);

                // Then
                List<Answer> answers = stream.await(2);
                assertEquals(1, answers.getFirst().count());
                assertEquals(4, answers.getLast().status() / 100, answers.toString());
                JsonNode error = WireJson.readTree(answers.getLast().text());
                assertTrue(error.path("code").isTextual() && error.path("message").isTextual(), error.toString());
                stream.awaitEnd();
            }
        }
    }

    /** PROTOCOL 4.7. */
    @Test
    @DisplayName("contract §7.7: records and batches beyond the limits are refused, those at the limit are not")
    void theLimitsHold(BatonClient baton) throws Exception {
        // Given
        Target target = Target.of(baton);
        String[] tooMany = new String[1001];
        Arrays.fill(tooMany, "x");
        try (AppendStreams connection = AppendStreams.connect(baton.url())) {
            AppendStream record = target.open(connection);
            AppendStream batch = target.open(connection);
            AppendStream count = target.open(connection);

            // When
            record.send("x".repeat(1_048_568));
            record.send("x".repeat(1_048_569));
            batch.send("x".repeat(600_000), "x".repeat(600_000));
            count.send(tooMany);

            // Then
            assertEquals(List.of(200, 413), record.await(2).stream().map(Answer::status).toList());
            assertEquals(413, batch.await(1).getFirst().status());
            assertEquals(400, count.await(1).getFirst().status());
        }
    }

    /** PROTOCOL 4.8. */
    @Test
    @DisplayName("contract §2.6: without the stream's own token no session opens")
    void aSessionNeedsTheTokenOfItsStream(BatonClient baton) throws Exception {
        // Given
        Target target = Target.of(baton);
        Target other = Target.of(baton);
        try (AppendStreams connection = AppendStreams.connect(baton.url())) {
            // When
            AppendStream forged = connection.open(target.url(), "nonsense");
            AppendStream foreign = connection.open(target.url(), other.token());

            // Then
            assertEquals(401, forged.status());
            assertEquals(403, foreign.status());
        }
    }

    /** PROTOCOL 4.2, 4.10. */
    @Test
    @DisplayName("contract §2.6 C, §13: a protobuf batch is answered in protobuf, and trimmed records are gone from every read")
    void aTrimHidesWhatIsBeforeIt(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        Target target = Target.of(chat);
        target.protobuf(AppendStream.input(List.of(data("old"), data("older")))).expect(200);
        long keep = Long.parseLong(target.chat().recordsNow("out").get(1).path("seqNum").asText());

        // When
        HttpAnswer trimmed = target.trim(keep).expect(200);

        // Then
        assertEquals("application/protobuf", trimmed.header("Content-Type").orElseThrow());
        assertEquals(List.of("older"), target.ids());
        try (SseConnection out = chat.out()) {
            assertEquals(keep, out.awaitRecords("a record", Patience.TURN, all -> !all.isEmpty()).getFirst().seq());
        }
        try (SseConnection out = chat.out(0)) {
            assertEquals(keep, out.awaitRecords("a record", Patience.TURN, all -> !all.isEmpty()).getFirst().seq());
        }
    }

    /** PROTOCOL 4.10. */
    @Test
    @DisplayName("contract §2.6 C: a trim takes a seq that nobody sees, never goes backwards and never beyond the end")
    void aTrimOnlyRises(BatonClient baton) {
        // Given
        Target target = Target.of(Chat.startEmpty(baton));
        target.protobuf(AppendStream.input(List.of(data("a"), data("b")))).expect(200);
        long first = target.chat().recordsNow("out").get(0).path("seqNum").asLong();

        // When
        target.trim(first + 1).expect(200);
        target.trim(0).expect(200);
        List<String> afterBackwards = target.ids();
        target.trim(Long.MAX_VALUE).expect(200);
        List<String> afterFar = target.ids();
        target.protobuf(AppendStream.input(List.of(data("c")))).expect(200);

        // Then
        assertEquals(List.of("b"), afterBackwards);
        assertEquals(List.of(), afterFar);
        assertEquals(List.of("c"), target.ids());
    }

    @Test
    @DisplayName("contract §2.3, §2.6 C: a trimmed turn-complete settles nothing any more, a kept one does")
    void aTrimmedTurnCompleteIsNotSettled(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        Target target = Target.of(chat);
        String control = "{\"records\":[{\"body\":\"\",\"headers\":[[\"trigger-control\",\"turn-complete\"]]}]}";
        String path = target.url().substring(baton.url().toString().length());
        long turn = baton.as(target.token()).post(path, control).expect(200).json().path("start").path("seq_num")
                .asLong(-1);

        // When
        target.trim(turn).expect(200);
        boolean kept = settled(chat);
        target.trim(turn + 1).expect(200);
        boolean gone = settled(chat);

        // Then
        assertTrue(kept);
        assertFalse(gone);
    }

    private static boolean settled(Chat chat) {
        HttpAnswer peek = chat.baton().get(chat.channelPath("out", ""), "X-Peek-Settled", "1", "Timeout-Seconds", "1")
                .expect(200);
        return peek.header("X-Session-Settled").isPresent();
    }

    /** PROTOCOL 4.8. */
    @Test
    @DisplayName("contract §2.6: what is no protobuf, a compressed body and an unknown content type are refused clearly")
    void otherBodiesAreRefused(BatonClient baton) {
        // Given
        Target target = Target.of(baton);
        String path = target.url().substring(baton.url().toString().length());
        byte[] input = AppendStream.input(List.of(data("x")));
        BatonClient writer = baton.as(target.token());

        // When
        HttpAnswer garbage = target.protobuf("not protobuf".getBytes(StandardCharsets.UTF_8));
        HttpAnswer type = writer.send("POST", path, BodyPublishers.ofByteArray(input), "Content-Type", "text/plain");
        HttpAnswer encoded = writer.send("POST", path, BodyPublishers.ofByteArray(input), "Content-Encoding", "gzip");

        // Then
        assertEquals(400, garbage.status(), garbage.body());
        assertEquals(415, type.status(), type.body());
        assertEquals(415, encoded.status(), encoded.body());
        assertEquals(List.of(), target.ids());
    }
}
