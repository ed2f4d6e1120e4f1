package dev.baton.system;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.AppendStream;
import dev.baton.system.support.AppendStreams;
import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.SseConnection;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** Every size of contract §7.7, exactly at the limit and one over it. */
abstract class LimitsContract {
    private static final int SESSION_BYTES = 32_768;
    private static final int SMALL_BYTES = 1_024;
    private static final int WAIT_BYTES = 10 * 1_024;
    private static final int APPEND_BYTES = 1_048_576;
    private static final int RECORD_OVERHEAD = 8;
    private static final int FRAME_BYTES = 2 * 1_048_576;
    private static final String TOO_LARGE = "{\"error\":\"Request body too large\"}";

    /** White space behind a JSON text is part of it. */
    private static String padded(String json, int bytes) {
        return json + " ".repeat(bytes - json.getBytes(StandardCharsets.UTF_8).length);
    }

    private static void assertTooLarge(HttpAnswer answer) {
        assertEquals("413 " + TOO_LARGE, answer.status() + " " + answer.body());
    }

    @Test
    @DisplayName("contract §7.7: create and update take 32,768 bytes")
    void sessionBodiesHaveALimit(BatonClient baton) {
        String chatId = Chat.newChatId();
        String create = Chat.createBody(chatId, null).toString();
        String update = "{\"tags\":[]}";

        // When, Then
        assertTooLarge(baton.post("/api/v1/sessions", padded(create, SESSION_BYTES + 1)));
        baton.get(BatonClient.session(chatId, "")).expect(404);
        baton.post("/api/v1/sessions", padded(create, SESSION_BYTES)).expect(201);
        assertTooLarge(patch(baton, chatId, padded(update, SESSION_BYTES + 1)));
        patch(baton, chatId, padded(update, SESSION_BYTES)).expect(200);
    }

    private static HttpAnswer patch(BatonClient baton, String chatId, String body) {
        return baton.send("PATCH", BatonClient.session(chatId, ""), BodyPublishers.ofString(body));
    }

    @Test
    @DisplayName("contract §7.7: close and end-and-continue take 1,024 bytes")
    void smallBodiesHaveALimit(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        String swap = "{\"callingRunId\":\"run_nobody\",\"reason\":\"" + "r".repeat(64) + "\"}";
        String close = "{\"reason\":\"" + "r".repeat(256) + "\"}";

        // When, Then
        assertTooLarge(baton.post(chat.sessionPath("/end-and-continue"), padded(swap, SMALL_BYTES + 1)));
        baton.post(chat.sessionPath("/end-and-continue"), padded(swap, SMALL_BYTES)).expect(404);
        assertTooLarge(baton.post(chat.sessionPath("/close"), padded(close, SMALL_BYTES + 1)));
        baton.post(chat.sessionPath("/close"), padded(close, SMALL_BYTES)).expect(200);
    }

    @Test
    @DisplayName("contract §7.7: a wait takes 10 KiB")
    void waitBodiesHaveALimit(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        String path = "/api/v1/runs/" + chat.firstRunId() + "/session-streams/wait";
        String wait = "{\"session\":\"" + chat.chatId() + "\",\"io\":\"in\"}";

        // When, Then
        assertTooLarge(baton.post(path, padded(wait, WAIT_BYTES + 1)));
        baton.post(path, padded(wait, WAIT_BYTES)).expect(200);
    }

    @Test
    @DisplayName("contract §1.2: a create with every field at its limit is taken")
    void fieldsAtTheirLimitsAreTaken(BatonClient baton) {
        // Given
        String chatId = (Chat.newChatId() + "x".repeat(256)).substring(0, 256);
        ObjectNode body = Chat.createBody(chatId, null).put("type", "t".repeat(64)).put("taskIdentifier",
                "t".repeat(128));
        ArrayNode tags = body.putArray("tags");
        Collections.nCopies(10, "t".repeat(128)).forEach(tags::add);
        ObjectNode config = (ObjectNode) body.path("triggerConfig");
        config.put("idleTimeoutInSeconds", 3_600).put("maxAttempts", 10).put("queue", "q".repeat(128)).set("tags",
                tags.deepCopy());

        // When
        HttpAnswer answer = baton.post("/api/v1/sessions", body.toString());

        // Then
        assertEquals(chatId, answer.expect(201).json().path("externalId").asText());
    }

    @Test
    @DisplayName("contract §7.7: an append takes 1,048,576 bytes of body and 1,048,576 metered as 8 + wrapped record")
    void appendsHaveTwoLimits(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        int wrapping = RECORD_OVERHEAD + "{\"data\":\"\",\"id\":\"p\"}".length();
        for (String io : List.of("in", "out")) {
            String append = chat.channelPath(io, "/append");

            // When, Then
            assertTooLarge(baton.post(append, "x".repeat(APPEND_BYTES + 1)));
            HttpAnswer wrapped = baton.post(append, "x".repeat(APPEND_BYTES - wrapping + 1), "X-Part-Id", "p");
            assertEquals(413, wrapped.status());
            assertEquals("Record metered size 1048577 bytes exceeds the S2 per-record limit of 1048576 bytes. Reduce "
                    + "tool-output size or split into smaller parts.", wrapped.json().path("error").asText());
            baton.post(append, "x".repeat(APPEND_BYTES - wrapping), "X-Part-Id", "p").expect(200);
        }
    }

    @Test
    @DisplayName("contract §7.7: a batch takes 1,000 records and 1 MiB, as JSON and as protobuf")
    void batchesHaveTwoLimits(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        String half = "x".repeat(APPEND_BYTES / 2 - RECORD_OVERHEAD);

        // When, Then
        assertBatch(200, "", chat, Collections.nCopies(1_000, "x"));
        assertBatch(400, "invalid", chat, Collections.nCopies(1_001, "x"));
        assertBatch(200, "", chat, List.of(half, half));
        assertBatch(413, "batch_too_large", chat, List.of(half, half + "x"));
        assertBatch(200, "", chat, List.of("x".repeat(APPEND_BYTES - RECORD_OVERHEAD)));
        assertBatch(413, "record_too_large", chat, List.of("x".repeat(APPEND_BYTES - RECORD_OVERHEAD + 1)));
    }

    private static void assertBatch(int status, String code, Chat chat, List<String> bodies) {
        ObjectNode json = WireJson.MAPPER.createObjectNode();
        ArrayNode records = json.putArray("records");
        bodies.forEach(body -> records.addObject().put("body", body));
        for (HttpAnswer answer : List.of(
                write(chat, "application/json", json.toString().getBytes(StandardCharsets.UTF_8)),
                write(chat, "application/protobuf", AppendStream.input(bodies)))) {
            assertEquals(status, answer.status(), answer.toString());
            if (status != 200) {
                assertEquals(code, answer.json().path("code").asText());
            }
        }
    }

    private static HttpAnswer write(Chat chat, String type, byte[] body) {
        HttpAnswer init = chat.baton().put(chat.channelPath("out", "")).expect(202);
        String path = url(init).substring(chat.baton().url().toString().length());
        return chat.baton().as(init.header("X-S2-Access-Token").orElseThrow()).send("POST", path,
                BodyPublishers.ofByteArray(body), "Content-Type", type);
    }

    private static String url(HttpAnswer init) {
        return init.header("X-S2-Endpoint").orElseThrow() + "/streams/"
                + init.header("X-S2-Stream-Name").orElseThrow() + "/records";
    }

    @Test
    @DisplayName("contract §7.7: a frame of an append session takes 2 MiB of flag and payload")
    void framesHaveALimit(BatonClient baton) throws Exception {
        // Given
        Chat chat = Chat.startEmpty(baton);
        HttpAnswer init = chat.baton().put(chat.channelPath("out", "")).expect(202);
        try (AppendStreams connection = AppendStreams.connect(baton.url())) {
            AppendStream session = connection.open(url(init), init.header("X-S2-Access-Token").orElseThrow());

            // When
            session.sendRaw(AppendStream.frame(0, paddedInput(FRAME_BYTES - 1)));
            session.sendRaw(AppendStream.frame(0, paddedInput(FRAME_BYTES)));

            // Then
            List<AppendStream.Answer> answers = session.await(2);
            assertEquals(List.of(200, 413), answers.stream().map(AppendStream.Answer::status).toList());
            assertEquals("frame_too_large", WireJson.readTree(answers.getLast().text()).path("code").asText());

            // When the client ends its half, the response ends and is not broken off
            session.end();
            session.awaitEnd();
            assertFalse(session.reset());
        }
    }

    /** One small record, and an unknown field that makes up the rest: readers skip it. */
    private static byte[] paddedInput(int bytes) {
        byte[] input = AppendStream.input(List.of("x"));
        ByteArrayOutputStream padded = new ByteArrayOutputStream();
        padded.writeBytes(input);
        int padding = bytes - input.length - 5;
        // Field 15 with a length of 4 bytes in base 128.
        padded.writeBytes(new byte[]{15 << 3 | 2, (byte) (padding & 0x7f | 0x80), (byte) (padding >> 7 & 0x7f | 0x80),
                (byte) (padding >> 14 & 0x7f | 0x80), (byte) (padding >> 21)});
        padded.writeBytes(new byte[padding]);
        return padded.toByteArray();
    }

    @Test
    @DisplayName("contract §7.7: Timeout-Seconds takes 1 to 600")
    void windowsHaveALimit(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        for (String seconds : List.of("1", "600")) {
            // When
            try (SseConnection out = baton.stream(chat.channelPath("out", ""), "Timeout-Seconds", seconds)) {

                // Then
                assertEquals(200, out.status());
            }
        }
        baton.get(chat.channelPath("out", ""), "Timeout-Seconds", "0").expect(400);
        baton.get(chat.channelPath("out", ""), "Timeout-Seconds", "601").expect(400);
    }
}
