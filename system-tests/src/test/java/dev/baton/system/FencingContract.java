package dev.baton.system;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.AppendStream;
import dev.baton.system.support.AppendStreams;
import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.ProbeWorker;
import dev.baton.wire.json.WireJson;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is left to a run that was superseded, one write path after the other (design D5; PROTOCOL 1.4). */
abstract class FencingContract {
    private static final String CONTROL = "{\"records\":[{\"body\":\"\",\"headers\":[[\"trigger-control\",\"turn-complete\"]]}]}";

    /** A run that has written one record, and all it could still try to write with. */
    private record Superseded(ProbeWorker worker, Chat chat, JsonNode run, BatonClient token, String directPath,
            BatonClient directToken) {
        static Superseded begin(BatonClient baton) {
            ProbeWorker worker = ProbeWorker.forNewTask(baton);
            Chat chat = worker.startChat();
            JsonNode run = worker.take();
            worker.start(run).expect(200);
            BatonClient token = baton.as(run.path("runToken").asText());
            token.post(chat.channelPath("out", "/append"), "before").expect(200);
            HttpAnswer init = token.put(chat.channelPath("out", "")).expect(202);
            String path = "/s2/v1/streams/" + BatonClient.encode(init.header("X-S2-Stream-Name").orElseThrow())
                    + "/records";
            return new Superseded(worker, chat, run, token, path,
                    baton.as(init.header("X-S2-Access-Token").orElseThrow()));
        }

        static Superseded of(BatonClient baton) {
            Superseded run = begin(baton);
            run.handOver();
            return run;
        }

        void handOver() {
            assertTrue(endAndContinue(runId()).expect(200).json().path("swapped").asBoolean());
        }

        HttpAnswer endAndContinue(String callingRunId) {
            return token.post(chat.sessionPath("/end-and-continue"),
                    "{\"callingRunId\":\"" + callingRunId + "\",\"reason\":\"upgrade\"}");
        }

        String runId() {
            return run.path("runId").asText();
        }

        /** The run that owns the session now. */
        JsonNode owner() {
            return chat.runs().getFirst();
        }

        List<String> said() {
            return chat.recordsNow("out").findValuesAsText("data");
        }
    }

    private static void assertStale(HttpAnswer answer) {
        assertEquals(409, answer.status(), answer.toString());
        assertEquals("stale_generation", answer.json().path("code").asText(), answer.toString());
    }

    @Test
    @DisplayName("design D5, PROTOCOL 1.4: a superseded run appends to neither channel")
    void appendsAreRefused(BatonClient baton) {
        // Given
        Superseded old = Superseded.of(baton);

        // When
        HttpAnswer out = old.token().post(old.chat().channelPath("out", "/append"), "too late");
        HttpAnswer in = old.token().post(old.chat().channelPath("in", "/append"), "too late");

        // Then
        assertStale(out);
        assertStale(in);
        assertEquals(List.of("before"), old.said());
        assertEquals(0, old.chat().recordsNow("in").size());
    }

    @Test
    @DisplayName("design D5, PROTOCOL 4.9: an append session that was opened before the hand-over takes nothing after it")
    void anOpenAppendSessionIsRefusedToo(BatonClient baton) throws Exception {
        // Given
        Superseded old = Superseded.begin(baton);
        try (AppendStreams connection = AppendStreams.connect(baton.url())) {
            AppendStream stream = connection.open(baton.url() + old.directPath(), old.directToken().bearer());
            stream.send("{\"data\":\"owned\",\"id\":\"a\"}");
            assertEquals(1, stream.await(1).getFirst().count());

            // When
            old.handOver();
            stream.send("{\"data\":\"too late\",\"id\":\"b\"}");

            // Then
            AppendStream.Answer refusal = stream.await(2).getLast();
            assertEquals(409, refusal.status(), refusal.toString());
            assertTrue(refusal.text().contains("stale_generation"), refusal.toString());
            assertEquals(List.of("before", "owned"), old.said());
        }
    }

    @Test
    @DisplayName("design D5, PROTOCOL 4.9: a direct write token of a superseded run writes no control records, and no new one is given")
    void controlRecordsAreRefused(BatonClient baton) {
        // Given
        Superseded old = Superseded.of(baton);

        // When
        HttpAnswer turn = old.directToken().post(old.directPath(), CONTROL);
        HttpAnswer init = old.token().put(old.chat().channelPath("out", ""));

        // Then
        assertStale(turn);
        assertEquals(409, init.status(), init.toString());
        assertEquals(1, old.chat().recordsNow("out").size());
    }

    @Test
    @DisplayName("design D5, PROTOCOL 4.9: a trim of a superseded run hides nothing")
    void trimsAreRefused(BatonClient baton) {
        // Given
        Superseded old = Superseded.of(baton);
        byte[] trimAll = ByteBuffer.allocate(20).put(HexFormat.of().parseHex("0a12120612047472696d1a08"))
                .putLong(Long.MAX_VALUE).array();

        // When
        HttpAnswer trim = old.directToken().send("POST", old.directPath(), BodyPublishers.ofByteArray(trimAll),
                "Content-Type", "application/protobuf");

        // Then
        assertEquals(409, trim.status(), trim.toString());
        assertEquals(List.of("before"), old.said());
    }

    @Test
    @DisplayName("design D5, PROTOCOL 8.5: a superseded run appends to no side channel")
    void sideChannelsAreRefused(BatonClient baton) {
        // Given
        Superseded old = Superseded.of(baton);
        String path = "/realtime/v1/sessions/" + old.chat().chatId() + "/channels/progress/";

        // When
        HttpAnswer out = old.token().post(path + "out/append", "too late");
        HttpAnswer in = old.token().post(path + "in/append", "too late");

        // Then
        assertStale(out);
        assertStale(in);
        assertEquals("{\"records\":[]}", baton.get(path + "out/records").expect(200).body());
        assertEquals("{\"records\":[]}", baton.get(path + "in/records").expect(200).body());
    }

    @Test
    @DisplayName("design D5, PROTOCOL 1.4: a superseded run gets no URL to store a snapshot")
    void snapshotUrlsAreRefused(BatonClient baton) {
        // Given
        Superseded old = Superseded.of(baton);

        // When
        HttpAnswer write = old.token().put(old.chat().sessionPath("/snapshot-url"));

        // Then
        assertStale(write);
        old.token().get(old.chat().sessionPath("/snapshot-url")).expect(200);
    }

    @Test
    @DisplayName("design D5, PROTOCOL 1.4: a superseded run registers no wait")
    void waitsAreRefused(BatonClient baton) {
        // Given
        Superseded old = Superseded.of(baton);
        String form = WireJson.MAPPER.createObjectNode().put("session", old.chat().chatId()).put("io", "in").toString();

        // When
        HttpAnswer wait = old.token().post("/api/v1/runs/" + old.runId() + "/session-streams/wait", form);

        // Then
        assertStale(wait);
    }

    @Test
    @DisplayName("design D5, PROTOCOL 1.4: a superseded run cancels nobody, and swaps for nobody but itself")
    void theSuccessorIsSafe(BatonClient baton) {
        // Given
        Superseded old = Superseded.of(baton);
        String successor = old.owner().path("runId").asText();

        // When
        HttpAnswer own = old.token().post("/api/v1/runs/" + old.runId() + "/cancel", "");
        HttpAnswer swapped = old.endAndContinue(successor);
        HttpAnswer again = old.endAndContinue(old.runId());
        HttpAnswer other = old.token().post("/api/v1/runs/" + successor + "/cancel", "");

        // Then
        assertStale(own);
        assertStale(other);
        assertStale(swapped);
        assertFalse(again.expect(200).json().path("swapped").asBoolean());
        assertEquals(successor, again.json().path("runId").asText());
        assertEquals(successor, old.owner().path("runId").asText());
        assertTrue(old.owner().path("outcome").isNull(), old.owner().toString());
    }

    @Test
    @DisplayName("design D5, PROTOCOL 1.4: a superseded run neither patches nor closes its session")
    void theSessionIsSafe(BatonClient baton) {
        // Given
        Superseded old = Superseded.of(baton);

        // When
        HttpAnswer patch = old.token().send("PATCH", old.chat().sessionPath(""),
                BodyPublishers.ofString("{\"tags\":[\"late\"]}"), "Content-Type", "application/json");
        HttpAnswer close = old.token().post(old.chat().sessionPath("/close"), "{\"reason\":\"late\"}");

        // Then
        assertStale(patch);
        assertStale(close);
        assertTrue(old.chat().retrieve().path("closedAt").isNull(), old.chat().retrieve().toString());
        assertEquals(0, old.chat().retrieve().path("tags").size());
    }

    @Test
    @DisplayName("design D5, PROTOCOL 5.4: what the worker of a superseded run reports changes nothing for its session")
    void reportsChangeNothing(BatonClient baton) {
        // Given
        Superseded old = Superseded.of(baton);
        long message = old.chat().append("who answers this?");
        ProbeWorker other = old.worker().sibling();
        JsonNode successor = other.take();
        other.start(successor).expect(200);

        // When
        HttpAnswer started = old.worker().start(old.run());
        old.worker().heartbeat(List.of(old.runId())).expect(200);
        HttpAnswer failed = old.worker().complete(old.run(), "failed", message);
        HttpAnswer completed = old.worker().complete(old.run(), "completed", message);

        // Then
        assertTrue(List.of(200, 409).contains(started.status()), started.toString());
        failed.expect(200);
        completed.expect(200);
        other.complete(successor, "completed", null).expect(200);
        await("the message is not settled by the report, so it gets a run").atMost(Patience.TURN)
                .until(() -> old.chat().runs().size() == 3);
        assertEquals("superseded", old.chat().runs().getLast().path("outcome").asText());
        assertEquals(List.of("before"), old.said());
    }
}
