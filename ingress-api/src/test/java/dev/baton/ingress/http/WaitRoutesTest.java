package dev.baton.ingress.http;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.ingress.Rows;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionCommand.CompleteWaits;
import dev.baton.wire.session.SessionCommand.RegisterWait;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionReply.Refusal;
import dev.baton.wire.session.SessionRunRow;
import dev.baton.wire.session.WaitRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Waits over HTTP: statuses, bodies, and what is asked of whom in which order (contract §3). */
class WaitRoutesTest extends OnIngress {
    private static final String REGISTER = "/api/v1/runs/run_1/session-streams/wait";
    private static final String WAITPOINT = "waitpoint_c1";

    @BeforeEach
    void aSessionWithARun() {
        sessions.learn(Rows.open("user/1"));
        sessions.learnRun(run("run_1", "user/1"));
        reply = new SessionReply.WaitAnswered(WAITPOINT, false);
    }

    @Test
    @DisplayName("contract §3.1, §0.9: both forms of the id register under one key")
    void bothFormsOfTheIdRegisterUnderOneKey() throws Exception {
        // When
        HttpResponse<String> external = register("{\"session\":\"user/1\",\"io\":\"in\",\"lastSeqNum\":4}", KEY);
        HttpResponse<String> friendly = register("{\"session\":\"" + Rows.SESSION_ID + "\",\"io\":\"in\"}", KEY);

        // Then
        assertEquals("{\"waitpointId\":\"waitpoint_c1\",\"isCached\":false}", external.body());
        assertEquals(200, friendly.statusCode());
        RegisterWait first = assertInstanceOf(RegisterWait.class, asked.getFirst());
        assertTrue(first.waitpointId().matches("waitpoint_c[a-z0-9]{24}"), first.waitpointId());
        assertEquals(
                List.of(new RegisterWait(first.waitpointId(), "run_1", "in", 4, null, List.of(), null, null)),
                List.of(first));
        assertEquals(List.of(CHAT, CHAT), askedFor);
    }

    @Test
    @DisplayName("contract §3.1 (b), (c): a wait on .out is registered first, then looks for records, also when repeated")
    void aWaitOnOutLooksForRecordsAfterItIsRegistered() throws Exception {
        // Given
        out.store(CHAT, "seen");
        out.store(CHAT, ChannelRecord.control(ChannelRecord.TURN_COMPLETE), Writer.UNNAMED, 0);
        out.store(CHAT, "later");
        out.deliver();

        // When
        register("{\"session\":\"user/1\",\"io\":\"out\",\"lastSeqNum\":0}", KEY);
        register("{\"session\":\"user/1\",\"io\":\"out\",\"lastSeqNum\":2}", KEY);
        reply = new SessionReply.WaitAnswered(WAITPOINT, true);
        register("{\"session\":\"user/1\",\"io\":\"out\",\"lastSeqNum\":1,\"idempotencyKey\":\"k\"}", KEY);

        // Then
        assertEquals(List.of("RegisterWait", "CompleteWaits", "RegisterWait", "RegisterWait", "CompleteWaits"),
                asked.stream().map(each -> each.getClass().getSimpleName()).toList());
        assertEquals(new CompleteWaits("out", WAITPOINT, 1), asked.get(1));
        assertEquals(new CompleteWaits("out", WAITPOINT, 2), asked.get(4));
    }

    @Test
    @DisplayName("contract §3.3, features #89: an append to .out wakes all waits; when that fails the append stands")
    void anAppendToOutStandsAlsoWhenNobodyCanBeWoken() throws Exception {
        // When
        HttpResponse<String> woken = appendOut();
        reply = null;
        HttpResponse<String> alone = appendOut();

        // Then
        assertEquals("{\"ok\":true,\"seq\":0}", woken.body());
        assertEquals("{\"ok\":true,\"seq\":1}", alone.body());
        assertEquals(List.of(new CompleteWaits("out", null, 0), new CompleteWaits("out", null, 1)), asked);
    }

    @Test
    @DisplayName("contract §3.1: refusals, none of which registers anything")
    void whatCannotBeWaitedForIsRefused() throws Exception {
        // Given
        String fits = "{\"session\":\"user/1\",\"io\":\"in\"}";
        String publicToken = tokens.mintSessionToken(DEV, "user/1");

        // When, Then
        assertAnswer(401, "{\"error\":\"Invalid API key\"}", register(fits, publicToken));
        assertAnswer(404, "{\"error\":\"Run not found\"}",
                post("/api/v1/runs/run_9/session-streams/wait", fits, KEY));
        assertAnswer(404, "{\"error\":\"Session not found\"}",
                register("{\"session\":\"session_cnone\",\"io\":\"in\"}", KEY));
        assertAnswer(400, "{\"error\":\"io must be 'in' or 'out'\"}",
                register("{\"session\":\"user/1\",\"io\":\"up\"}", KEY));
        assertAnswer(413, "{\"error\":\"Request body too large\"}", register(" ".repeat(10 * 1024) + fits, KEY));
        assertTrue(asked.isEmpty(), asked.toString());
    }

    @Test
    void tooManyWaitsOnOneSessionAreA422() throws Exception {
        // Given
        reply = new SessionReply.Refused(Refusal.TOO_MANY_WAITS, "100");

        // When
        HttpResponse<String> response = register("{\"session\":\"user/1\",\"io\":\"in\"}", KEY);

        // Then
        assertAnswer(422, "{\"error\":\"expected at most 100 pending waits on one session: let some of them end"
                + " first\"}", response);
    }

    @Test
    @DisplayName("contract §4.3: a run token waits for its own run and on its own session")
    void aRunTokenWaitsForItsOwnRunOnItsOwnSession() throws Exception {
        // Given
        String own = tokens.mintRunToken(DEV, CHAT, new Writer(1, "run_1"));
        String otherRun = tokens.mintRunToken(DEV, CHAT, new Writer(2, "run_2"));

        // When, Then
        assertEquals(200, register("{\"session\":\"user/1\",\"io\":\"in\"}", own).statusCode());
        assertEquals(403, register("{\"session\":\"user/1\",\"io\":\"in\"}", otherRun).statusCode());
        assertEquals(403, register("{\"session\":\"somebody-else\",\"io\":\"in\"}", own).statusCode());
        assertEquals(1, asked.size());
    }

    @Test
    @DisplayName("contract §3.2: a run blocks on its own waitpoint")
    void aRunBlocksOnItsOwnWaitpoint() throws Exception {
        // Given
        sessions.learnRun(run("run_2", "user/1"));
        sessions.learnWait(wait("in", null));

        // When, Then
        assertAnswer(200, "{\"success\":true}", block("run_1", WAITPOINT));
        assertEquals(404, block("run_2", WAITPOINT).statusCode());
        assertEquals(404, block("run_1", "waitpoint_cnone").statusCode());
        assertEquals(404, block("run_9", WAITPOINT).statusCode());
    }

    @Test
    @DisplayName("contract §3.5, §3.3: a completed token shows the text that was appended; no CORS")
    void aCompletedTokenShowsTheTextOfTheRecord() throws Exception {
        // Given
        in.store(CHAT, "zero");
        in.store(CHAT, "{\"kind\": \"message\"}");
        in.deliver();
        sessions.learnWait(wait("in", null).completed(1, 2000));

        // When
        HttpResponse<String> response = send(request("/api/v1/waitpoints/tokens/" + WAITPOINT, KEY).header("Origin",
                "https://app.test"));

        // Then
        assertEquals("{\"id\":\"waitpoint_c1\",\"url\":\"http://example.test/api/v1/waitpoints/tokens/waitpoint_c1\","
                + "\"status\":\"COMPLETED\",\"tags\":[\"t\"],\"createdAt\":\"1970-01-01T00:00:01Z\","
                + "\"completedAt\":\"1970-01-01T00:00:02Z\",\"output\":\"{\\\"kind\\\": \\\"message\\\"}\","
                + "\"outputType\":\"application/json\",\"outputIsError\":false}", response.body());
        assertEquals("none", header(response, "Access-Control-Allow-Origin"));
    }

    @Test
    @DisplayName("contract §3.3: what has timed out says when; no wait lasts longer than seven days")
    void aTokenThatHasTimedOutSaysWhen() throws Exception {
        // Given
        sessions.learnWait(wait("in", 5000L));
        JsonNode timed = token();
        sessions.learnWait(wait("in", Long.MAX_VALUE / 2));

        // When
        JsonNode givenUp = token();

        // Then
        assertEquals("TIMED_OUT", timed.get("status").asText());
        assertTrue(timed.get("outputIsError").asBoolean());
        assertEquals("{\"message\":\"Waitpoint timed out at 1970-01-01T00:00:05Z\"}", timed.get("output").asText());
        assertEquals("TIMED_OUT", givenUp.get("status").asText());
        assertEquals("1970-01-08T00:00:01Z", givenUp.get("timeoutAt").asText());
    }

    @Test
    void aTokenIsForThoseOfItsSession() throws Exception {
        // Given
        WaitRow pending = new WaitRow(WaitRow.FORMAT, WAITPOINT, "env_dev", "user/1", "in", "run_1", List.of(),
                System.currentTimeMillis(), null, null, null);
        sessions.learnWait(pending);
        String path = "/api/v1/waitpoints/tokens/" + WAITPOINT;
        String stranger = tokens.mintRunToken(DEV, Rows.numbered(1, "env_dev", "echo").key(), new Writer(1, "run_1"));

        // When
        HttpResponse<String> own = send(request(path, tokens.mintRunToken(DEV, CHAT, new Writer(1, "run_1"))));

        // Then
        assertEquals("WAITING", WireJson.readTree(own.body()).get("status").asText());
        assertFalse(own.body().contains("output"), own.body());
        assertEquals(403, send(request(path, stranger)).statusCode());
        assertEquals(401, send(request(path, tokens.mintSessionToken(DEV, "user/1"))).statusCode());
        assertEquals(404, send(request(path + "x", KEY)).statusCode());
    }

    private JsonNode token() throws Exception {
        return WireJson.readTree(send(request("/api/v1/waitpoints/tokens/" + WAITPOINT, KEY)).body());
    }

    private HttpResponse<String> register(String body, String bearer) throws Exception {
        return post(REGISTER, body, bearer);
    }

    private HttpResponse<String> block(String runId, String waitpoint) throws Exception {
        return post("/engine/v1/runs/" + runId + "/waitpoints/tokens/" + waitpoint + "/wait", "", KEY);
    }

    private HttpResponse<String> appendOut() throws Exception {
        return post("/realtime/v1/sessions/user%2F1/out/append", "said", KEY);
    }

    private HttpResponse<String> post(String path, String body, String bearer) throws Exception {
        return send(request(path, bearer).POST(BodyPublishers.ofString(body)));
    }

    private static void assertAnswer(int status, String body, HttpResponse<String> response) {
        assertEquals(body, response.body());
        assertEquals(status, response.statusCode());
    }

    private static SessionRunRow run(String runId, String chatId) {
        return new SessionRunRow(SessionRunRow.FORMAT, "env_dev", Rows.SESSION_ID, chatId, runId, "echo",
                RunReason.INITIAL, 1,
                null, null, null, 1, 10, null, null, null, null, 0);
    }

    private static WaitRow wait(String io, Long timeoutAt) {
        return new WaitRow(WaitRow.FORMAT, WAITPOINT, "env_dev", "user/1", io, "run_1", List.of("t"), 1000, timeoutAt,
                null, null);
    }
}
