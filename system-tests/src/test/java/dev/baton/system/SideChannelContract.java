package dev.baton.system;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Broker;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.ProbeWorker;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.system.support.StreamRecord;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Named channels beside the conversation (contract §2.8; features #37, #56; PROTOCOL 8.1, 8.2, 8.3, 8.4, 8.5). */
abstract class SideChannelContract {
    @Test
    @DisplayName("contract §2.8: both directions are there from the first write on, apart from the chat and from each other")
    void sideChannelsStandApart(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();

        // When
        long progress = append(chat, "progress", "in", "one", "part-1");
        long again = append(chat, "progress", "in", "one", "part-1");
        long next = append(chat, "progress", "in", "two", "part-2");
        long other = append(chat, "cursors", "in", "here", "part-1");
        append(chat, "progress", "out", "said", "part-1");

        // Then
        assertEquals(List.of(0L, 0L, 1L, 0L), List.of(progress, again, next, other));
        assertEquals(List.of("one", "two"), data(chat, "progress", "in"));
        assertEquals(List.of("here"), data(chat, "cursors", "in"));
        assertEquals(List.of("said"), data(chat, "progress", "out"));
        assertEquals(List.of(), data(chat, "cursors", "out"));
        assertEquals(0, chat.recordsNow("in").size());
        assertEquals(0, chat.recordsNow("out").size());
    }

    @Test
    @DisplayName("contract §2.8, §2.2: a stream of a side channel has the same frames and resumes by cursor")
    void aSideChannelIsStreamedAndResumed(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();
        long first = append(chat, "progress", "out", "one", null);
        try (SseConnection out = baton.stream(path(chat, "progress", "out", ""), "Timeout-Seconds", "60")) {
            out.awaitRecords("the first", Patience.TURN, all -> all.size() == 1);

            // When
            append(chat, "progress", "out", "two", null);
            append(chat, "other", "out", "not for you", null);

            // Then
            List<StreamRecord> all = out.awaitRecords("both", Patience.TURN, found -> found.size() == 2);
            assertEquals("v2", out.headers().firstValue("X-Stream-Version").orElse(""));
            assertTrue(all.get(1).seq() > first);
        }
        try (SseConnection resumed = baton.stream(path(chat, "progress", "out", ""), "Last-Event-ID",
                Long.toString(first), "Timeout-Seconds", "60")) {
            List<StreamRecord> rest = resumed.awaitRecords("the rest", Patience.TURN, found -> !found.isEmpty());
            assertTrue(rest.getFirst().seq() > first, rest.toString());
        }
    }

    @Test
    @DisplayName("features #37: a write to a side channel wakes and starts nobody")
    void aSideChannelWakesNobody(BatonClient baton) {
        // Given
        ProbeWorker worker = ProbeWorker.forNewTask(baton);
        Chat chat = worker.startChat();
        JsonNode run = worker.take();
        worker.start(run).expect(200);
        String waitpoint = baton.post("/api/v1/runs/" + chat.firstRunId() + "/session-streams/wait",
                "{\"session\":\"" + chat.chatId() + "\",\"io\":\"in\"}").expect(200).json().path("waitpointId")
                .asText();
        worker.complete(run, "completed", null).expect(200);
        await().atMost(Patience.TURN)
                .until(() -> chat.runs().getFirst().path("outcome").asText("").equals("completed"));

        // When
        append(chat, "progress", "in", "nobody answers", null);

        // Then
        assertEquals(1, chat.runs().size());
        assertEquals("WAITING", baton.get("/api/v1/waitpoints/tokens/" + waitpoint).expect(200).json().path("status")
                .asText());
    }

    @Test
    @DisplayName("contract §4.3, features #56: scopes of a session cover its channels; narrower ones only what they name")
    void scopesAreAsNarrowAsTheySay(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();
        append(chat, "progress", "out", "said", null);
        BatonClient session = baton.as(chat.created().path("publicAccessToken").asText());
        BatonClient channel = minted(chat, "read:sessions:" + chat.chatId() + ":channels:progress");
        BatonClient outOnly = minted(chat, "read:sessions:" + chat.sessionId() + ":channels:progress:out");
        BatonClient mainOut = minted(chat, "read:sessions:" + chat.chatId() + ":out");

        // When, Then
        for (BatonClient allowed : List.of(session, channel, outOnly)) {
            allowed.get(path(chat, "progress", "out", "/records")).expect(200);
        }
        channel.get(path(chat, "progress", "in", "/records")).expect(200);
        outOnly.get(path(chat, "progress", "in", "/records")).expect(403);
        channel.get(path(chat, "other", "out", "/records")).expect(403);
        channel.get(chat.channelPath("out", "/records")).expect(403);
        mainOut.get(chat.channelPath("out", "/records")).expect(200);
        mainOut.get(path(chat, "progress", "out", "/records")).expect(403);
        session.post(path(chat, "progress", "in", "/append"), "hello").expect(200);
        session.post(path(chat, "progress", "out", "/append"), "forged").expect(403);
        session.put(path(chat, "progress", "out", "")).expect(403);
    }

    @Test
    @DisplayName("contract §2.8, §2.6: direct writes reach a side channel; it has no floor")
    void directWritesReachASideChannel(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();
        HttpAnswer init = baton.put(path(chat, "progress", "out", ""), "x-channel-max-age-seconds", "60").expect(202);
        String endpoint = init.header("X-S2-Endpoint").orElseThrow();
        BatonClient writer = baton.as(init.header("X-S2-Access-Token").orElseThrow());
        String stream = java.net.URI.create(endpoint).getPath() + "/streams/"
                + init.header("X-S2-Stream-Name").orElseThrow() + "/records";

        // When
        writer.post(stream, "{\"records\":[{\"body\":\"{\\\"data\\\":{\\\"n\\\":1},\\\"id\\\":\\\"a\\\"}\"}]}")
                .expect(200);
        HttpAnswer trim = writer.post(stream,
                "{\"records\":[{\"body\":\"\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0001\","
                        + "\"headers\":[[\"\",\"trim\"]]}]}");

        // Then
        JsonNode records = baton.get(path(chat, "progress", "out", "/records")).expect(200).json().path("records");
        assertEquals("{\"n\":1}", records.get(0).path("data").toString());
        assertEquals(400, trim.status(), trim.toString());
        assertEquals("not_supported", trim.json().path("code").asText());
    }

    @Test
    @DisplayName("contract §2.8, §0.9: bad names are 400, unknown sessions 404, closed ones refuse; reads go on")
    void refusalsAreThoseOfTheChannelsOfASession(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();
        String unborn = "/realtime/v1/sessions/" + Chat.newChatId() + "/channels/progress/in";
        append(chat, "progress", "in", "before", null);

        // When
        chat.close("done").expect(200);

        // Then
        HttpAnswer closed = baton.post(path(chat, "progress", "in", "/append"), "after");
        assertEquals("session_closed", closed.expect(409).json().path("code").asText());
        assertEquals("false", closed.header("x-should-retry").orElse(""));
        baton.post(path(chat, "progress", "out", "/append"), "after").expect(409);
        assertEquals(List.of("before"), data(chat, "progress", "in"));
        baton.get(path(chat, "pro%20gress", "in", "/records")).expect(400);
        baton.get(path(chat, "x".repeat(129), "in", "/records")).expect(400);
        baton.get("/realtime/v1/sessions/" + chat.chatId() + "%3Achannels%3Aprogress/in/records").expect(400);
        assertEquals("{\"records\":[]}", baton.get(unborn + "/records").expect(200).body());
        baton.post(unborn + "/append", "x").expect(404);
        baton.get("/realtime/v1/sessions/session_cnone/channels/progress/in/records").expect(404);
    }

    @Test
    @DisplayName("PROTOCOL 8.5: a superseded run writes nothing to a side channel either")
    void aSupersededRunIsRefused(BatonClient baton) {
        // Given
        ProbeWorker worker = ProbeWorker.forNewTask(baton);
        Chat chat = worker.startChat();
        JsonNode old = worker.take();
        worker.start(old).expect(200);
        BatonClient oldRun = baton.as(old.path("runToken").asText());
        oldRun.post(path(chat, "progress", "out", "/append"), "while it owns the session").expect(200);

        // When
        oldRun.post(chat.sessionPath("/end-and-continue"),
                "{\"callingRunId\":\"" + old.path("runId").asText() + "\",\"reason\":\"upgrade\"}").expect(200);

        // Then
        oldRun.post(path(chat, "progress", "out", "/append"), "too late").expect(409);
        oldRun.post(path(chat, "progress", "in", "/append"), "too late").expect(409);
        assertEquals(List.of("while it owns the session"), data(chat, "progress", "out"));
    }

    @Test
    @DisplayName("contract §2.8: a side channel goes on with its seqs after kill -9")
    void aSideChannelSurvivesAKill(Broker broker) {
        try (StandaloneProcess standalone = StandaloneProcess.start(broker)) {
            // Given
            Chat chat = ProbeWorker.forNewTask(standalone.client()).startChat();
            append(chat, "progress", "in", "before", "part-1");

            // When
            standalone.kill();
            standalone.restart();

            // Then
            assertEquals(0, append(chat, "progress", "in", "before", "part-1"));
            assertEquals(1, append(chat, "progress", "in", "after", "part-2"));
            assertEquals(List.of("before", "after"), data(chat, "progress", "in"));
        }
    }

    private static BatonClient minted(Chat chat, String scope) {
        return chat.baton().as(chat.baton().post("/api/v1/auth/public-tokens", "{\"scopes\":[\"" + scope + "\"]}")
                .expect(200).json().path("token").asText());
    }

    private static long append(Chat chat, String name, String io, String text, String partId) {
        String[] headers = partId == null ? new String[0] : new String[]{"X-Part-Id", partId};
        return chat.baton().post(path(chat, name, io, "/append"), text, headers).expect(200).json().path("seq")
                .asLong(-1);
    }

    private static List<String> data(Chat chat, String name, String io) {
        return chat.baton().get(path(chat, name, io, "/records")).expect(200).json().findValuesAsText("data");
    }

    private static String path(Chat chat, String name, String io, String suffix) {
        return "/realtime/v1/sessions/" + BatonClient.encode(chat.chatId()) + "/channels/" + name + "/" + io + suffix;
    }
}
