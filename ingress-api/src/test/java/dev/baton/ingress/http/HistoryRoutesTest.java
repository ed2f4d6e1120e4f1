package dev.baton.ingress.http;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.ingress.Rows;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The conversation over HTTP: for a run that boots (PROTOCOL 2.23), and for whoever shows it (contract §1.11). */
class HistoryRoutesTest extends OnIngress {
    private static final String BOOT = "/api/v1/sessions/user%2F1/boot";
    private static final String TRANSCRIPT = "/api/v1/sessions/user%2F1/transcript";

    @BeforeEach
    void aSession() {
        sessions.learn(Rows.open("user/1"));
    }

    private static ObjectNode message(String role, String id) {
        ObjectNode message = WireJson.MAPPER.createObjectNode().put("id", id).put("role", role);
        message.putArray("parts").addObject().put("type", "text").put("text", "text of " + id);
        return message;
    }

    private static String said(String id) {
        ObjectNode data = WireJson.MAPPER.createObjectNode().put("kind", "message");
        data.putObject("payload").put("trigger", "submit-message").set("message", message("user", id));
        return data.toString();
    }

    private void says(String id) {
        in.store(CHAT, said(id));
        in.deliver();
    }

    private void answers(String id) {
        chunk("{\"type\":\"start\",\"messageId\":\"" + id + "\"}");
        chunk("{\"type\":\"text-start\",\"id\":\"t\"}");
        chunk("{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"answer " + id + "\"}");
        chunk("{\"type\":\"text-end\",\"id\":\"t\"}");
        chunk("{\"type\":\"finish\"}");
    }

    private void chunk(String data) {
        out.store(CHAT, new ChannelRecord("{\"data\":" + data + ",\"id\":\"i\"}", List.of()), Writer.UNNAMED, 0);
        out.deliver();
    }

    private void turnComplete(long inSeq) {
        out.store(CHAT, ChannelRecord.control(ChannelRecord.TURN_COMPLETE,
                new ProtocolHeader(ChannelRecord.SESSION_IN_EVENT_ID, Long.toString(inSeq))), Writer.UNNAMED, 0);
        out.deliver();
    }

    private static List<String> ids(JsonNode transcript) {
        return transcript.path("messages").valueStream().map(message -> message.path("id").asText()).toList();
    }

    @Test
    void aTranscriptIsTheSnapshotTheTurnsBehindItAndWhatWaits() throws IOException, InterruptedException {
        // Given
        says("u0");
        answers("a0");
        turnComplete(0);
        snapshot = Snapshot.of(1, List.of(message("user", "u0"), message("assistant", "a0")), 5, 0).bytes();
        says("u1");
        answers("a1");
        turnComplete(1);
        says("u2");
        answers("a2");

        // When
        JsonNode transcript = get(TRANSCRIPT);

        // Then: the answer that is being written comes with the stream from the cursor on
        assertEquals(List.of("u0", "a0", "u1", "a1", "u2"), ids(transcript));
        assertEquals("answer a1", transcript.at("/messages/3/parts/0/text").asText());
        assertEquals("11", transcript.at("/cursors/lastOutEventId").asText());
        assertEquals("1", transcript.at("/cursors/lastInEventId").asText());
        assertEquals("[]", transcript.path("nonFinalIds").toString());
        assertFalse(transcript.has("nextCursor"));
    }

    /** Decision 5: the message of a create is on no channel that readers of the protocol see. */
    @Test
    void theMessageOfTheCreateIsThereBeforeThereIsASnapshot() throws IOException, InterruptedException {
        // Given
        in.storeFirstTurn(CHAT, said("u0"));
        answers("a0");
        turnComplete(-1);
        says("u1");

        // When
        JsonNode boot = get(BOOT);

        // Then
        assertEquals(List.of("u0", "a0", "u1"), ids(get(TRANSCRIPT)));
        assertEquals(List.of(-1L, 0L),
                boot.path("in").valueStream().map(record -> record.path("seqNum").asLong()).toList());
        assertEquals(1, get("/realtime/v1/sessions/user%2F1/in/records").path("records").size());
    }

    @Test
    void pagesGoFromTheNewestToTheOldest() throws IOException, InterruptedException {
        // Given
        snapshot = Snapshot.of(1, IntStream.range(0, 7).mapToObj(n -> message("user", "u" + n)).toList(), 4, 0)
                .bytes();

        // When
        JsonNode newest = get(TRANSCRIPT + "?limit=3");
        JsonNode middle = get(TRANSCRIPT + "?limit=3&before=" + newest.path("nextCursor").asText());
        JsonNode oldest = get(TRANSCRIPT + "?limit=3&before=" + middle.path("nextCursor").asText());

        // Then
        assertEquals(List.of("u4", "u5", "u6"), ids(newest));
        assertEquals(List.of("u1", "u2", "u3"), ids(middle));
        assertEquals(List.of("u0"), ids(oldest));
        assertFalse(oldest.has("nextCursor"));
    }

    /** Contract §7.4. */
    @Test
    void historyThatAnAgentKeepsInTheIndexedFormatIsShown() throws IOException, InterruptedException {
        // Given
        String header = "{\"v\":2,\"savedAt\":5,\"state\":null}\n";
        String entry = "{\"id\":\"u0\",\"final\":false,\"message\":" + message("user", "u0") + "}\n";
        String footer = "{\"ids\":[\"u0\"],\"offsets\":[" + header.length() + "," + (header.length() + entry.length())
                + "],\"savedAt\":5,\"lastOutEventId\":\"4\"}\n";
        snapshot = (header + entry + footer + "#tt2:%016d\n".formatted(footer.length()))
                .getBytes(StandardCharsets.UTF_8);

        // When
        JsonNode transcript = get(TRANSCRIPT);

        // Then
        assertEquals(List.of("u0"), ids(transcript));
        assertEquals("4", transcript.at("/cursors/lastOutEventId").asText());
        assertTrue(transcript.at("/cursors/lastInEventId").isMissingNode());
        assertEquals("[\"u0\"]", transcript.path("nonFinalIds").toString());
    }

    @Test
    void aSessionWithoutHistoryHasAnEmptyTranscript() throws IOException, InterruptedException {
        // Then
        assertEquals("{\"messages\":[],\"nonFinalIds\":[]}", get(TRANSCRIPT).toString());
    }

    @Test
    void aBrokenSnapshotIsNone() throws IOException, InterruptedException {
        // Given
        snapshot = "{\"version\":1,\"mess".getBytes(StandardCharsets.UTF_8);
        says("u0");
        answers("a0");
        turnComplete(0);

        // Then
        assertEquals(List.of("u0", "a0"), ids(get(TRANSCRIPT)));
        assertTrue(get(BOOT).path("snapshot").isNull());
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=ten", "before=x"})
    void aPageThatCannotBeIs400(String query) throws IOException, InterruptedException {
        // Then
        assertEquals(400, status(TRANSCRIPT + "?" + query, KEY));
    }

    @Test
    void aTranscriptIsForSecretKeysOnly() throws IOException, InterruptedException {
        // Then
        assertEquals(401, status(TRANSCRIPT, tokens.mintPublicToken(DEV, List.of("read:sessions:user/1"),
                Duration.ofMinutes(1))));
        assertEquals(401, status(TRANSCRIPT, tokens.mintRunToken(DEV, CHAT, new Writer(1, "run_1"))));
        assertEquals(404, status("/api/v1/sessions/nobody/transcript", KEY));
    }

    @Test
    void aRunGetsSnapshotAndBothTailsInOneAnswer() throws IOException, InterruptedException {
        // Given
        says("u0");
        answers("a0");
        turnComplete(0);
        snapshot = Snapshot.of(1, List.of(message("user", "u0"), message("assistant", "a0")), 5, 0).bytes();
        says("u1");
        chunk("{\"type\":\"start\",\"messageId\":\"a1\"}");
        String token = tokens.mintRunToken(DEV, CHAT, new Writer(1, "run_1"));

        // When
        HttpResponse<String> answer = send(request(BOOT, token).GET());

        // Then
        JsonNode boot = WireJson.readTree(answer.body());
        assertEquals("5", boot.at("/snapshot/lastOutEventId").asText());
        assertEquals(2, boot.at("/snapshot/messages").size());
        assertEquals(List.of(6L),
                boot.path("out").valueStream().map(record -> record.path("seqNum").asLong()).toList());
        assertEquals(List.of(1L), boot.path("in").valueStream().map(record -> record.path("seqNum").asLong()).toList());
        assertEquals("a1", boot.at("/out/0/data/messageId").asText());
    }

    @Test
    void aBootIsForTheRunsOfTheSession() throws IOException, InterruptedException {
        // Given
        sessions.learn(Rows.numbered(7, "env_dev", "echo"));
        String other = tokens.mintRunToken(DEV, Rows.numbered(7, "env_dev", "echo").key(), new Writer(1, "run_7"));

        // Then
        assertEquals(403, status(BOOT, other));
        assertEquals(401, status(BOOT, tokens.mintSessionToken(DEV, "user/1")));
        assertEquals(404, status("/api/v1/sessions/nobody/boot", KEY));
    }

    @Test
    void aStoreThatIsAwayStopsNoRunButNoTranscriptIsMadeUp() throws IOException, InterruptedException {
        // Given
        storeIsAway = true;
        says("u0");

        // When
        HttpResponse<String> transcript = send(request(TRANSCRIPT, KEY).GET());
        JsonNode boot = get(BOOT);

        // Then
        assertEquals(503, transcript.statusCode());
        assertEquals("1", header(transcript, "Retry-After"));
        assertTrue(boot.path("snapshot").isNull());
        assertEquals(1, boot.path("in").size());
    }
}
