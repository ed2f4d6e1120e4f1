package dev.baton.system;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.StreamRecord;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Writing `.out` the way agents do: init, then unary JSON appends (contract §2.1, §2.6 B; design D3). */
abstract class DirectWriteContract {
    /** Where and with what to write, as the init said. */
    private record Write(String endpoint, String stream, String basin, String token) {
        static Write init(BatonClient baton, String path) {
            HttpAnswer init = baton.put(path).expect(202);
            assertEquals("{\"version\":\"v2\"}", init.body());
            return new Write(init.header("X-S2-Endpoint").orElseThrow(), init.header("X-S2-Stream-Name").orElseThrow(),
                    init.header("X-S2-Basin").orElseThrow(), init.header("X-S2-Access-Token").orElseThrow());
        }

        HttpAnswer append(BatonClient baton, JsonNode... records) {
            ObjectNode body = WireJson.MAPPER.createObjectNode();
            ArrayNode list = body.putArray("records");
            List.of(records).forEach(list::add);
            String path = endpoint.substring(baton.url().toString().length()) + "/streams/"
                    + BatonClient.encode(stream) + "/records";
            return baton.as(token).post(path, body.toString(), "s2-basin", basin);
        }
    }

    private static ObjectNode data(String text) {
        ObjectNode body = WireJson.MAPPER.createObjectNode();
        body.putObject("data").put("type", "data-note").put("data", text);
        body.put("id", "id-" + text);
        return WireJson.MAPPER.createObjectNode().put("body", body.toString());
    }

    private static ObjectNode control(String subtype) {
        ObjectNode record = WireJson.MAPPER.createObjectNode().put("body", "");
        record.putArray("headers").addArray().add("trigger-control").add(subtype);
        return record;
    }

    /** PROTOCOL 4.1. */
    @Test
    @DisplayName("contract §2.1: the init tells where and with what to write")
    void theInitSaysWhereToWrite(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        Write write = Write.init(baton, chat.channelPath("out", ""));

        // Then
        assertTrue(write.endpoint().startsWith(baton.url().toString()), write.endpoint());
        assertTrue(write.basin().matches("[a-z0-9][a-z0-9-]{6,46}[a-z0-9]"), write.basin());
        assertFalse(write.token().isEmpty());
        assertFalse(write.stream().contains("/"), write.stream());
        assertEquals(write.stream(),
                Write.init(baton, BatonClient.channel(chat.sessionId(), "out", "")).stream());
    }

    /** PROTOCOL 4.2. */
    @Test
    @DisplayName("contract §2.6 B, upstream E1, E10: an acknowledged batch is readable at once; end − 1 is its last seq")
    void anAcknowledgedBatchIsReadableAtOnce(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        Write write = Write.init(baton, chat.channelPath("out", ""));

        // When
        JsonNode ack = write.append(baton, data("one"), data("two"), control("turn-complete")).expect(200).json();

        // Then
        JsonNode records = chat.recordsNow("out");
        long end = ack.path("end").path("seq_num").asLong(-1);
        assertEquals(3, end - ack.path("start").path("seq_num").asLong(-1));
        assertEquals(end, ack.path("tail").path("seq_num").asLong(-1));
        assertEquals(3, records.size(), records.toString());
        assertEquals(end - 1, records.get(2).path("seqNum").asLong(-1));
        assertEquals("one", records.get(0).path("data").path("data").asText());
        JsonNode after = write.append(baton, data("three")).expect(200).json();
        try (SseConnection out = chat.out(end - 1)) {
            StreamRecord next = out.awaitRecords("a record", Patience.TURN, all -> !all.isEmpty()).getFirst();
            assertEquals("id-three", next.id());
            assertEquals(after.path("end").path("seq_num").asLong() - 1, next.seq());
        }
    }

    /** PROTOCOL 4.3. */
    @Test
    @DisplayName("contract §7.1: unknown control subtypes and their headers pass through, in order")
    void unknownControlsPassThrough(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        Write write = Write.init(baton, chat.channelPath("out", ""));
        ObjectNode record = control("something-new");
        ((ArrayNode) record.path("headers")).addArray().add("b").add("2");
        ((ArrayNode) record.path("headers")).addArray().add("a").add("1");

        // When
        write.append(baton, record).expect(200);

        // Then
        assertEquals(record.path("headers"), chat.recordsNow("out").get(0).path("headers"));
    }

    /** PROTOCOL 3.9. */
    @Test
    @DisplayName("contract §0.9: a chat may be written and read before its row exists, and keeps its records")
    void aChannelMayComeBeforeItsSession(BatonClient baton) {
        // Given
        String chatId = Chat.newChatId();
        Write write = Write.init(baton, BatonClient.channel(chatId, "out", ""));
        write.append(baton, data("early")).expect(200);

        // When
        Chat chat = Chat.start(baton, chatId, Chat.createBody(chatId, null));

        // Then
        assertEquals("id-early", chat.recordsNow("out").get(0).path("id").asText());
        assertEquals("id-early", baton.get(BatonClient.channel(chat.sessionId(), "out", "/records")).expect(200).json()
                .path("records").get(0).path("id").asText());
    }

    /** PROTOCOL 4.8. */
    @Test
    @DisplayName("contract §2.6: a writer with a wrong token, stream or body writes nothing")
    void aWriterWithoutTheRightTokenWritesNothing(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        Chat other = Chat.startEmpty(baton);
        Write write = Write.init(baton, chat.channelPath("out", ""));
        Write elsewhere = Write.init(baton, other.channelPath("out", ""));

        // When
        HttpAnswer forged = new Write(write.endpoint(), write.stream(), write.basin(), "nonsense").append(baton,
                data("x"));
        HttpAnswer foreign = new Write(write.endpoint(), elsewhere.stream(), write.basin(), write.token())
                .append(baton, data("x"));
        HttpAnswer empty = write.append(baton);
        HttpAnswer large = write.append(baton,
                WireJson.MAPPER.createObjectNode().put("body", "x".repeat(1_048_577)));

        // Then
        assertTrue(List.of(401, 403).contains(forged.status()), forged.toString());
        assertTrue(List.of(401, 403).contains(foreign.status()), foreign.toString());
        assertEquals(4, empty.status() / 100, empty.toString());
        assertEquals(4, large.status() / 100, large.response().uri() + " " + large.status());
        assertEquals(0, chat.recordsNow("out").size());
        assertEquals(0, other.recordsNow("out").size());
    }

    @Test
    @DisplayName("contract §2.5: an HTTP append to .out with the secret key stores text")
    void anHttpAppendToOutStoresText(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        HttpAnswer answer = baton.post(chat.channelPath("out", "/append"), "plain text", "X-Part-Id", "p1");

        // Then
        JsonNode record = chat.recordsNow("out").get(0);
        assertEquals(record.path("seqNum").asLong(-1), answer.expect(200).json().path("seq").asLong(-2));
        assertEquals("plain text", record.path("data").textValue());
        assertEquals("p1", record.path("id").textValue());
    }
}
