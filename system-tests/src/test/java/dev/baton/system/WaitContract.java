package dev.baton.system;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Broker;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.ProbeWorker;
import dev.baton.system.support.Race;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.wire.json.WireJson;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A run sleeps until the next record of a channel (contract §3). Nobody works in here: the test says what runs do. */
abstract class WaitContract {
    /** PROTOCOL 7.1, 7.6. */
    @Test
    @DisplayName("contract §3.1, §3.3, §3.5: an append completes a registered wait with its raw text")
    void anAppendCompletesTheWait(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();
        String waitpoint = register(chat, "in", null).expect(200).json().path("waitpointId").asText();
        JsonNode waiting = token(baton, waitpoint);
        String message = Chat.messageBody(chat.chatId(), "wake up");

        // When
        baton.post(chat.channelPath("in", "/append"), message).expect(200);

        // Then
        assertTrue(waitpoint.matches("waitpoint_c[a-z0-9]{24}"), waitpoint);
        assertEquals("WAITING", waiting.path("status").asText());
        assertFalse(waiting.has("output"), waiting.toString());
        JsonNode woken = token(baton, waitpoint);
        assertEquals("COMPLETED", woken.path("status").asText(), woken.toString());
        assertEquals(message, woken.path("output").asText());
        assertEquals("application/json", woken.path("outputType").asText());
        assertFalse(woken.path("outputIsError").asBoolean(true), woken.toString());
        for (String required : List.of("id", "url", "status", "tags", "createdAt", "completedAt")) {
            assertTrue(woken.has(required), required + " in " + woken);
        }
    }

    /** PROTOCOL 7.2. */
    @Test
    @DisplayName("contract §3.1 (c), §3.4: a record that is there completes the wait at once, the first after lastSeqNum")
    void aRecordThatIsThereCompletesTheWaitAtOnce(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();
        for (String text : List.of("zero", "one", "two")) {
            baton.post(chat.channelPath("in", "/append"), text).expect(200);
        }

        // When
        JsonNode afterZero = tokenOf(register(chat, "in", 0L));
        JsonNode fromTheStart = tokenOf(register(chat, "in", null));
        JsonNode afterTwo = tokenOf(register(chat, "in", 2L));

        // Then
        assertEquals("one", afterZero.path("output").asText(), afterZero.toString());
        assertEquals("zero", fromTheStart.path("output").asText(), fromTheStart.toString());
        assertEquals("WAITING", afterTwo.path("status").asText(), afterTwo.toString());
    }

    /** PROTOCOL 7.2. */
    @Test
    @DisplayName("contract §3.3: one append takes all waits of the channel, by either form of the id")
    void oneAppendTakesAllWaits(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();
        List<HttpAnswer> registered = List.of(register(chat, "in", null), register(chat, "in", null),
                register(chat, form(chat.sessionId(), "in", null)), register(chat, "out", null));

        // When
        baton.post(BatonClient.channel(chat.sessionId(), "in", "/append"), "all of you").expect(200);

        // Then
        assertEquals(List.of("COMPLETED", "COMPLETED", "COMPLETED", "WAITING"),
                registered.stream().map(each -> tokenOf(each).path("status").asText()).toList());
    }

    @Test
    @DisplayName("contract §3.3: an HTTP append to .out wakes its waits; one that is there completes them at once")
    void waitsOnOutAreWokenByHttpAppends(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();
        HttpAnswer early = register(chat, "out", null);

        // When
        long seq = baton.post(chat.channelPath("out", "/append"), "said").expect(200).json().path("seq").longValue();

        // Then
        assertEquals("said", tokenOf(early).path("output").asText(), tokenOf(early).toString());
        assertEquals("said", tokenOf(register(chat, "out", null)).path("output").asText());
        assertEquals("WAITING", tokenOf(register(chat, "out", seq)).path("status").asText());
    }

    /** PROTOCOL 7.3, 7.6. */
    @Test
    @DisplayName("contract §3.3: a wait that times out says so with an error output")
    void aWaitTimesOut(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();
        ObjectNode form = form(chat.chatId(), "in", null).put("timeout", "1s");
        String waitpoint = register(chat, form).expect(200).json().path("waitpointId").asText();

        // When
        await().atMost(Patience.SOON)
                .until(() -> token(baton, waitpoint).path("status").asText().equals("TIMED_OUT"));
        baton.post(chat.channelPath("in", "/append"), "too late").expect(200);

        // Then
        JsonNode over = token(baton, waitpoint);
        assertEquals("TIMED_OUT", over.path("status").asText(), over.toString());
        assertTrue(over.path("outputIsError").asBoolean(), over.toString());
        String message = WireJson.readTree(over.path("output").asText()).path("message").asText();
        assertEquals("Waitpoint timed out at " + over.path("timeoutAt").asText(), message);
    }

    @Test
    @DisplayName("contract §3.1: row-optional: a wait on a chat that is not there yet is woken by its first message")
    void aWaitBeforeTheSessionConverges(BatonClient baton) {
        // Given
        Chat waiter = ProbeWorker.forNewTask(baton).startChat();
        String chatId = Chat.newChatId();
        HttpAnswer registered = register(waiter, form(chatId, "in", null));

        // When
        Chat late = Chat.start(baton, chatId, Chat.createBody(chatId, null).put("taskIdentifier", "nobody"));
        baton.post(late.channelPath("in", "/append"), "here I am").expect(200);

        // Then
        assertEquals("here I am", tokenOf(registered).path("output").asText(), tokenOf(registered).toString());
    }

    @Test
    @DisplayName("PROTOCOL 7.7: a repeat of an append with the same part id wakes nobody")
    void aRepeatedAppendWakesNobody(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();
        long seq = chat.tryAppend("once", "X-Part-Id", "part-1").expect(200).json().path("seq").longValue();
        JsonNode registered = register(chat, "in", seq).expect(200).json();

        // When
        chat.tryAppend("once", "X-Part-Id", "part-1").expect(200);

        // Then
        assertEquals("WAITING", token(baton, registered.path("waitpointId").asText()).path("status").asText());
    }

    /** PROTOCOL 7.4. */
    @Test
    @DisplayName("contract §3.1: an idempotency key of a run stands for one wait")
    void anIdempotencyKeyStandsForOneWait(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();
        ObjectNode form = form(chat.chatId(), "in", null).put("idempotencyKey", "k").put("idempotencyKeyTTL", "60s");

        // When
        JsonNode first = register(chat, form).expect(200).json();
        JsonNode second = register(chat, form).expect(200).json();

        // Then
        assertFalse(first.path("isCached").asBoolean(true));
        assertTrue(second.path("isCached").asBoolean());
        assertEquals(first.path("waitpointId"), second.path("waitpointId"));
    }

    /** PROTOCOL 7.5. */
    @Test
    @DisplayName("contract §3.2: a run blocks on its own waitpoint only")
    void aRunBlocksOnItsOwnWaitpoint(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();
        Chat other = ProbeWorker.forNewTask(baton).startChat();
        String waitpoint = register(chat, "in", null).json().path("waitpointId").asText();

        // When
        HttpAnswer own = baton.post(block(chat.firstRunId(), waitpoint), "");
        HttpAnswer foreign = baton.post(block(other.firstRunId(), waitpoint), "");
        HttpAnswer unknown = baton.post(block(chat.firstRunId(), "waitpoint_cnone"), "");

        // Then
        assertEquals("{\"success\":true}", own.expect(200).body());
        assertEquals(404, foreign.status(), foreign.toString());
        assertEquals(404, unknown.status(), unknown.toString());
    }

    /** PROTOCOL 7.1. */
    @Test
    @DisplayName("contract §3.1, §7.7: refusals")
    void whatCannotBeWaitedForIsRefused(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();
        BatonClient browser = baton.as(chat.created().path("publicAccessToken").asText());
        ObjectNode fits = form(chat.chatId(), "in", null);
        String path = "/api/v1/runs/" + chat.firstRunId() + "/session-streams/wait";

        // When, Then
        assertEquals("{\"error\":\"Run not found\"}",
                baton.post("/api/v1/runs/run_none/session-streams/wait", fits.toString()).expect(404).body());
        assertEquals("{\"error\":\"Session not found\"}",
                baton.post(path, form("session_cnone", "in", null).toString()).expect(404).body());
        browser.post(path, fits.toString()).expect(401);
        baton.post(path, "{\"session\":\"x\"}").expect(400);
        ObjectNode tags = fits.deepCopy();
        for (int i = 0; i < 11; i++) {
            tags.withArray("tags").add("t" + i);
        }
        baton.post(path, tags.toString()).expect(422);
        baton.post(path, fits.deepCopy().put("filler", "x".repeat(10 * 1024)).toString()).expect(413);
        baton.get("/api/v1/waitpoints/tokens/waitpoint_cnone").expect(404);
        browser.get("/api/v1/waitpoints/tokens/waitpoint_cnone").expect(401);
    }

    @Test
    @DisplayName("contract §11: registering races appending, 200 times: no wake-up is lost")
    void noWakeUpIsLost(BatonClient baton) {
        // Given
        Chat chat = ProbeWorker.forNewTask(baton).startChat();

        for (long round = 0; round < 200; round++) {
            // When
            long lastSeen = round - 1;
            List<HttpAnswer> both = Race.each(2, side -> side == 0
                    ? register(chat, "in", lastSeen < 0 ? null : lastSeen)
                    : baton.post(chat.channelPath("in", "/append"), "message " + lastSeen));

            // Then
            both.forEach(answer -> answer.expect(200));
            JsonNode woken = tokenOf(both.getFirst());
            assertEquals("message " + lastSeen, woken.path("output").asText(), woken.toString());
        }
    }

    @Test
    @DisplayName("contract §3: a wait survives kill -9, before and after the append that wakes it")
    void waitsSurviveAKill(Broker broker) {
        try (StandaloneProcess standalone = StandaloneProcess.start(broker)) {
            // Given
            Chat chat = ProbeWorker.forNewTask(standalone.client()).startChat();
            Chat second = ProbeWorker.forNewTask(standalone.client()).startChat();
            List<String> waitpoints = new ArrayList<>();
            for (Chat each : List.of(chat, second)) {
                waitpoints.add(register(each, "in", null).expect(200).json().path("waitpointId").asText());
            }
            standalone.client().post(second.channelPath("in", "/append"), "before the kill").expect(200);

            // When
            standalone.kill();
            standalone.restart();
            JsonNode pending = token(standalone.client(), waitpoints.getFirst());
            standalone.client().post(chat.channelPath("in", "/append"), "after the kill").expect(200);

            // Then
            assertEquals("WAITING", pending.path("status").asText(), pending.toString());
            assertEquals("after the kill",
                    token(standalone.client(), waitpoints.getFirst()).path("output").asText());
            assertEquals("before the kill",
                    token(standalone.client(), waitpoints.getLast()).path("output").asText());
            assertNotEquals(waitpoints.getFirst(), waitpoints.getLast());
        }
    }

    private static ObjectNode form(String session, String io, Long lastSeqNum) {
        ObjectNode form = WireJson.MAPPER.createObjectNode().put("session", session).put("io", io);
        return lastSeqNum == null ? form : form.put("lastSeqNum", lastSeqNum);
    }

    private static HttpAnswer register(Chat chat, String io, Long lastSeqNum) {
        return register(chat, form(chat.chatId(), io, lastSeqNum));
    }

    /** In the name of the chat's run. */
    private static HttpAnswer register(Chat chat, ObjectNode form) {
        return chat.baton().post("/api/v1/runs/" + chat.firstRunId() + "/session-streams/wait", form.toString());
    }

    private static String block(String runId, String waitpoint) {
        return "/engine/v1/runs/" + runId + "/waitpoints/tokens/" + waitpoint + "/wait";
    }

    private static JsonNode token(BatonClient baton, String waitpoint) {
        return baton.get("/api/v1/waitpoints/tokens/" + waitpoint).expect(200).json();
    }

    private static JsonNode tokenOf(HttpAnswer registered) {
        String waitpoint = registered.expect(200).json().path("waitpointId").asText();
        BatonClient baton = new BatonClient(
                URI.create("http://" + registered.response().uri().getAuthority()), BatonClient.SECRET_KEY);
        return token(baton, waitpoint);
    }
}
