package dev.baton.ingress.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.baton.ingress.Rows;
import dev.baton.ingress.command.NoReplyException;
import dev.baton.ingress.log.ChannelReader;
import dev.baton.ingress.log.FakeLog;
import dev.baton.ingress.snapshot.SnapshotUrls;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.SettingsException;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionReply.Refusal;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;
import dev.baton.wire.token.Tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** All routes over HTTP, on fakes of what lies behind them: statuses, bodies, headers (contract §0–§2). */
class IngressRoutesTest {
    private static final Environment DEV = new Environment("env_dev", "dev", "proj", List.of("tr_dev_key"));
    private static final SessionKey CHAT = new SessionKey("env_dev", "user/1");
    private static final String CREATE = """
            {"type":"chat.agent","externalId":"user/1","taskIdentifier":"echo","triggerConfig":{"basePayload":{}}}""";
    private static final String KEY = "tr_dev_key";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Tokens tokens = new Tokens(new Environments(List.of(DEV)), Clock.systemUTC());
    private final FakeSessions sessions = new FakeSessions();
    private final FakeLog in = new FakeLog(Channel.IN, 1_000_000, Runnable::run);
    private final FakeLog out = new FakeLog(Channel.OUT, 1_000_000, Runnable::run);
    private final List<SessionCommand> asked = new CopyOnWriteArrayList<>();
    private volatile SessionReply reply = new SessionReply.Refused(Refusal.NOT_FOUND, null);
    private IngressServer server;

    @BeforeEach
    void start() {
        List<Routes> routes = IngressRoutes.all(tokens, new RateLimits(0, 1, Clock.systemUTC()), sessions, this::answer,
                out, new ChannelReader(in, out),
                new FakeUrls(), () -> "http://example.test", List.of(), () -> "metrics");
        server = IngressServer.start("127.0.0.1", 0, routes, List.of());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private SessionReply answer(SessionKey key, SessionCommand command) {
        asked.add(command);
        if (reply == null) {
            throw new NoReplyException("nobody", null);
        }
        return reply;
    }

    @Test
    void aNewSessionIsA201WithItsRunAndAToken() throws Exception {
        // Given
        reply = new SessionReply.SessionAnswered(Rows.open("user/1"), false);

        // When
        HttpResponse<String> response = send(request("/api/v1/sessions", KEY).POST(BodyPublishers.ofString(CREATE)));

        // Then
        assertEquals(201, response.statusCode(), response.body());
        var item = WireJson.readTree(response.body());
        assertEquals("{\"basePayload\":{\"a\":1},\"idleTimeoutInSeconds\":30}", item.get("triggerConfig").toString());
        assertEquals("1970-01-01T00:00:00.000Z", item.get("createdAt").asText());
        assertTrue(item.get("metadata").isNull());
        assertTrue(item.get("closedAt").isNull());
        assertEquals("run_1", item.get("runId").asText());
        assertEquals(false, item.get("isCached").asBoolean());
        tokens.authenticate(item.get("publicAccessToken").asText());
    }

    @Test
    void anExistingSessionIsA200AndARefusedOneIsFinal() throws Exception {
        // Given
        reply = new SessionReply.SessionAnswered(Rows.open("user/1"), true);
        HttpResponse<String> cached = send(request("/api/v1/sessions", KEY).POST(BodyPublishers.ofString(CREATE)));
        reply = new SessionReply.Refused(Refusal.CLOSED, "done");

        // When
        HttpResponse<String> closed = send(request("/api/v1/sessions", KEY).POST(BodyPublishers.ofString(CREATE)));

        // Then
        assertEquals(200, cached.statusCode());
        assertEquals(409, closed.statusCode());
        assertEquals("false", closed.headers().firstValue("x-should-retry").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"`` | 400 | {\"error\":\"Request body is empty\"}",
            "{oops | 400 | {\"error\":\"Invalid JSON\"}", "{} trailing | 400 | {\"error\":\"Invalid JSON\"}",
            "{\"type\":\"\\ud800\"} | 400 | {\"error\":\"Invalid JSON\"}",
            "{} | 400 | {\"error\":\"type is required\"}",
            "[] | 400 | {\"error\":\"Expected an object as request body\"}"})
    void badBodiesAreRefusedBeforeAnythingIsAsked(String body, int status, String answer) throws Exception {
        // Given, When
        HttpResponse<String> response = send(request("/api/v1/sessions", KEY).POST(BodyPublishers.ofString(body)));

        // Then
        assertEquals(status, response.statusCode());
        assertEquals(answer, response.body());
        assertTrue(asked.isEmpty());
    }

    @Test
    void bodiesThatAreTooLargeOrOfUnknownLengthAreA413WithCorsHeaders() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        HttpRequest.Builder append = request("/realtime/v1/sessions/user%2F1/in/append", KEY).header("Origin",
                "https://app.test");

        // When
        HttpResponse<String> large = send(append.POST(BodyPublishers.ofString("x".repeat(2 * 1024 * 1024))));
        HttpResponse<String> chunked = send(append.POST(
                BodyPublishers.fromPublisher(BodyPublishers.ofString("hello"))));
        HttpResponse<String> escaped = send(append.POST(BodyPublishers.ofString("\"".repeat(600_000))));

        // Then
        for (HttpResponse<String> response : List.of(large, chunked, escaped)) {
            assertEquals(413, response.statusCode());
            assertEquals("https://app.test",
                    response.headers().firstValue("Access-Control-Allow-Origin").orElseThrow());
        }
        assertEquals("{\"error\":\"Request body too large\"}", large.body());
        assertTrue(escaped.body().contains("exceeds the S2 per-record limit of 1048576 bytes"), escaped.body());
        assertTrue(asked.isEmpty());
    }

    @Test
    void aPreflightIsAnsweredWithoutAnyKey() throws Exception {
        // Given
        HttpRequest.Builder preflight = HttpRequest.newBuilder(uri("/realtime/v1/sessions/user%2F1/out"))
                .header("Origin", "https://app.test")
                .header("Access-Control-Request-Headers", "authorization,x-part-id")
                .method("OPTIONS", BodyPublishers.noBody());

        // When
        HttpResponse<String> response = send(preflight);

        // Then
        assertEquals(200, response.statusCode());
        assertEquals("{}", response.body());
        assertEquals("https://app.test", header(response, "Access-Control-Allow-Origin"));
        assertEquals("authorization,x-part-id", header(response, "Access-Control-Allow-Headers"));
        assertEquals("GET,HEAD,PUT,PATCH,POST,DELETE", header(response, "Access-Control-Allow-Methods"));
        assertEquals("300", header(response, "Access-Control-Max-Age"));
        assertEquals("Origin", header(response, "Vary"));
    }

    @Test
    void authenticationFailuresDifferByPathAndCarryCorsHeaders() throws Exception {
        // Given
        HttpRequest.Builder api = HttpRequest.newBuilder(uri("/api/v1/sessions/user%2F1")).header("Origin",
                "https://a");
        HttpRequest.Builder realtime = HttpRequest.newBuilder(uri("/realtime/v1/sessions/user%2F1/out"));

        // When
        HttpResponse<String> noKeyApi = send(api.GET());
        HttpResponse<String> noKeyRealtime = send(realtime.GET());
        HttpResponse<String> badKey = send(request("/api/v1/sessions/user%2F1", "tr_pub_invalid_not_a_real_token"));

        // Then
        assertEquals(401, noKeyApi.statusCode());
        assertTrue(header(noKeyApi, "Content-Type").startsWith("application/problem+json"));
        assertEquals("https://a", header(noKeyApi, "Access-Control-Allow-Origin"));
        assertEquals(401, noKeyRealtime.statusCode());
        assertEquals("{\"error\":\"Invalid or Missing API key\"}", noKeyRealtime.body());
        assertEquals(401, badKey.statusCode());
        assertEquals("{\"error\":\"Invalid API key\"}", badKey.body());
    }

    @Test
    void loadersSay404BeforeAndActions403() throws Exception {
        // Given
        String stranger = tokens.mintSessionToken(DEV, "somebody-else");

        // When
        HttpResponse<String> get = send(request("/api/v1/sessions/user%2F1", stranger));
        HttpResponse<String> append = send(
                request("/realtime/v1/sessions/user%2F1/in/append", stranger).POST(BodyPublishers.ofString("x")));
        sessions.learn(Rows.open("user/1"));
        HttpResponse<String> forbidden = send(request("/api/v1/sessions/user%2F1", stranger));

        // Then
        assertEquals(404, get.statusCode());
        assertEquals("{\"error\":\"Not found\"}", get.body());
        assertEquals("false", header(get, "x-should-retry"));
        assertEquals(403, append.statusCode());
        assertEquals(403, forbidden.statusCode());
        assertEquals("{\"error\":\"Unauthorized\",\"code\":\"unauthorized\",\"param\":\"access_token\","
                + "\"type\":\"authorization\"}", forbidden.body());
    }

    @Test
    void aTokenOfTheExternalIdOpensTheFriendlyIdUrl() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));

        // When
        HttpResponse<String> response = send(
                request("/api/v1/sessions/" + Rows.SESSION_ID, tokens.mintSessionToken(DEV, "user/1")));

        // Then
        assertEquals(200, response.statusCode());
    }

    @Test
    void unknownPathsAndMethodsAreAnsweredInJson() throws Exception {
        // Given, When
        HttpResponse<String> path = send(request("/api/v1/nothing", KEY));
        HttpResponse<String> method = send(request("/api/v1/sessions/x/close", KEY).DELETE());

        // Then
        assertEquals(404, path.statusCode());
        assertEquals("{\"error\":\"Not found\"}", path.body());
        assertEquals(405, method.statusCode());
        assertEquals("{\"error\":\"Method not allowed\"}", method.body());
        assertEquals("POST", header(method, "Allow"));
    }

    @Test
    void aRequestLineThatCannotBeDecodedIsA400WithoutATrace() throws Exception {
        // Given, When
        HttpResponse<String> response = send(request("/api/v1/sessions/%00", KEY));

        // Then
        assertEquals(400, response.statusCode());
        assertEquals("{\"error\":\"Bad Request\"}", response.body());
    }

    @Test
    void anAppendIsAnsweredWithItsSeqAndItsPartIdIsTheRecordId() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        reply = new SessionReply.AppendAnswered(7, false);

        // When
        HttpResponse<String> response = send(
                request("/realtime/v1/sessions/user%2F1/in/append", tokens.mintSessionToken(DEV, "user/1"))
                        .header("X-Part-Id", "p1").POST(BodyPublishers.ofString("{\"kind\":\"stop\"}")));

        // Then
        assertEquals("{\"ok\":true,\"seq\":7}", response.body());
        assertEquals(List.of(new SessionCommand.AppendIn("p1",
                "{\"data\":\"{\\\"kind\\\":\\\"stop\\\"}\",\"id\":\"p1\"}")), asked);
    }

    @Test
    void aClosedSessionRefusesAppendsForGood() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        reply = new SessionReply.Refused(Refusal.CLOSED, "done");

        // When
        HttpResponse<String> response = send(
                request("/realtime/v1/sessions/user%2F1/in/append", KEY).POST(BodyPublishers.ofString("x")));

        // Then
        assertEquals(409, response.statusCode());
        assertEquals("{\"ok\":false,\"error\":\"Cannot append to a closed session\",\"code\":\"session_closed\","
                + "\"closedReason\":\"done\"}", response.body());
        assertEquals("false", header(response, "x-should-retry"));
    }

    @Test
    void withoutADecisionTheAnswerIsA503ToBeTriedAgain() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        reply = null;

        // When
        HttpResponse<String> response = send(
                request("/realtime/v1/sessions/user%2F1/in/append", KEY).POST(BodyPublishers.ofString("x")));

        // Then
        assertEquals(503, response.statusCode());
        assertEquals("1", header(response, "Retry-After"));
    }

    @Test
    void onlyTheHolderOfASecretKeyWritesTheOutChannel() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        String token = tokens.mintSessionToken(DEV, "user/1");

        // When
        HttpResponse<String> init = send(
                request("/realtime/v1/sessions/user%2F1/out", token).PUT(BodyPublishers.noBody()));
        HttpResponse<String> append = send(
                request("/realtime/v1/sessions/user%2F1/out/append", token).POST(BodyPublishers.ofString("x")));
        HttpResponse<String> allowed = send(
                request("/realtime/v1/sessions/user%2F1/out/append", KEY).POST(BodyPublishers.ofString("x")));

        // Then
        assertEquals(403, init.statusCode());
        assertEquals("Initializing the out channel requires secret key authentication", init.body());
        assertEquals(403, append.statusCode());
        assertEquals("{\"ok\":true,\"seq\":0}", allowed.body());
    }

    @Test
    void theCredentialsOfAnInitOpenTheirStreamAndNoOther() throws Exception {
        // Given
        sessions.learn(Rows.ofGeneration("user/1", 2));
        String run = tokens.mintRunToken(DEV, CHAT, new Writer(2, "run_2"));
        HttpResponse<String> init = send(
                request("/realtime/v1/sessions/user%2F1/out", run).header("Content-Type", "application/json")
                        .PUT(BodyPublishers.noBody()));
        String path = "/s2/v1/streams/" + header(init, "X-S2-Stream-Name") + "/records";
        String batch = "{\"records\":[{\"body\":\"a\"},{\"body\":\"\",\"headers\":[[\"trigger-control\",\"x\"]]}]}";

        // When
        HttpResponse<String> ack = send(
                request(path, header(init, "X-S2-Access-Token")).POST(BodyPublishers.ofString(batch)));
        HttpResponse<String> wrongStream = send(request("/s2/v1/streams/other/records",
                header(init, "X-S2-Access-Token")).POST(BodyPublishers.ofString(batch)));
        HttpResponse<String> wrongToken = send(request(path, KEY).POST(BodyPublishers.ofString(batch)));
        sessions.learn(Rows.ofGeneration("user/1", 3));
        HttpResponse<String> superseded = send(
                request(path, header(init, "X-S2-Access-Token")).POST(BodyPublishers.ofString(batch)));

        // Then
        assertEquals(202, init.statusCode());
        assertEquals("{\"version\":\"v2\"}", init.body());
        assertEquals("http://example.test/s2/v1", header(init, "X-S2-Endpoint"));
        assertEquals("{\"start\":{\"seq_num\":0,\"timestamp\":10},\"end\":{\"seq_num\":2,\"timestamp\":10},"
                + "\"tail\":{\"seq_num\":2,\"timestamp\":10}}", ack.body());
        assertEquals(2, out.stored().getFirst().generation());
        assertEquals(403, wrongStream.statusCode());
        assertEquals(401, wrongToken.statusCode());
        assertEquals(409, superseded.statusCode());
        assertTrue(superseded.body().contains("stale_generation"));
    }

    @Test
    void aSettledPeekDeliversWhatIsThereAndCloses() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        out.store(CHAT, "hi");
        out.store(CHAT, ChannelRecord.control(ChannelRecord.TURN_COMPLETE), Writer.UNNAMED, 0);
        out.deliver();

        // When
        HttpResponse<String> response = send(
                request("/realtime/v1/sessions/user%2F1/out", tokens.mintSessionToken(DEV, "user/1"))
                        .header("X-Peek-Settled", "1").header("Last-Event-ID", "0").header("Timeout-Seconds", "30"));

        // Then
        assertEquals(200, response.statusCode());
        assertEquals("true", header(response, "X-Session-Settled"));
        assertEquals("v2", header(response, "X-Stream-Version"));
        assertEquals("*", header(response, "Access-Control-Expose-Headers"));
        assertTrue(response.body().startsWith("event: batch\nid: 1\n"), response.body());
        assertTrue(response.body().endsWith("data: [DONE]\n\n"), response.body());
    }

    @Test
    void aStreamOfASessionThatNobodyCreatedIsSilentAndEnds() throws Exception {
        // Given, When
        HttpResponse<String> response = send(request("/realtime/v1/sessions/nobody/out", KEY)
                .header("Timeout-Seconds", "1").header("Origin", "https://app.test"));
        HttpResponse<String> friendly = send(request("/realtime/v1/sessions/session_cnone/out", KEY));

        // Then
        assertEquals("data: [DONE]\n\n", response.body());
        assertEquals("https://app.test", header(response, "Access-Control-Allow-Origin"));
        assertEquals(404, friendly.statusCode());
    }

    @Test
    void recordsAreDrainedAtOnceWithTheirHeaders() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        in.store(CHAT, "first");
        in.store(CHAT, "second");
        in.deliver();

        // When
        HttpResponse<String> all = send(request("/realtime/v1/sessions/user%2F1/in/records", KEY));
        HttpResponse<String> later = send(request("/realtime/v1/sessions/user%2F1/in/records?afterEventId=0", KEY));
        HttpResponse<String> bad = send(request("/realtime/v1/sessions/user%2F1/in/records?afterEventId=x", KEY));
        HttpResponse<String> probe = send(request("/realtime/v1/sessions/user%2F1/in", KEY).HEAD());

        // Then
        assertEquals("{\"records\":[{\"data\":\"first\",\"id\":\"id\",\"seqNum\":0},"
                + "{\"data\":\"second\",\"id\":\"id\",\"seqNum\":1}]}", all.body());
        assertEquals("{\"records\":[{\"data\":\"second\",\"id\":\"id\",\"seqNum\":1}]}", later.body());
        assertEquals(400, bad.statusCode());
        assertEquals("0", header(probe, "X-Last-Chunk-Index"));
    }

    @Test
    void closingToleratesAnEmptyBodyAndRefusesBrowserTokens() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        reply = new SessionReply.SessionAnswered(Rows.closed("user/1", null), true);

        // When
        HttpResponse<String> browser = send(
                request("/api/v1/sessions/user%2F1/close", tokens.mintSessionToken(DEV, "user/1"))
                        .POST(BodyPublishers.ofString("{}")));
        HttpResponse<String> empty = send(
                request("/api/v1/sessions/user%2F1/close", KEY).POST(BodyPublishers.noBody()));

        // Then
        assertEquals(403, browser.statusCode());
        assertEquals(200, empty.statusCode());
        assertEquals(List.of(new SessionCommand.CloseSession(null, null)), asked);
    }

    @Test
    void anExternalIdNeverChanges() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        reply = new SessionReply.SessionAnswered(Rows.open("user/1"), true);
        HttpRequest.Builder patch = request("/api/v1/sessions/user%2F1", KEY);

        // When
        HttpResponse<String> other = send(patch.method("PATCH", BodyPublishers.ofString("{\"externalId\":\"b\"}")));
        HttpResponse<String> cleared = send(patch.method("PATCH", BodyPublishers.ofString("{\"externalId\":null}")));
        HttpResponse<String> same = send(
                patch.method("PATCH", BodyPublishers.ofString("{\"externalId\":\"user/1\",\"metadata\":null}")));

        // Then
        assertEquals(422, other.statusCode());
        assertEquals(422, cleared.statusCode());
        assertEquals(200, same.statusCode());
        assertEquals(List.of(new SessionCommand.UpdateSession(null, null, true)), asked);
    }

    @Test
    void theClaimsOfAKeyAreForItsHolderOnly() throws Exception {
        // Given, When
        HttpResponse<String> claims = send(
                request("/api/v1/auth/jwt/claims", KEY).POST(BodyPublishers.noBody()));
        HttpResponse<String> token = send(request("/api/v1/auth/jwt/claims", tokens.mintSessionToken(DEV, "c"))
                .POST(BodyPublishers.noBody()));

        // Then
        assertEquals("{\"sub\":\"env_dev\",\"pub\":true}", claims.body());
        assertEquals(401, token.statusCode());
    }

    @Test
    void theRunsOfASessionAndItsSnapshotUrlNeedOnlyReadScope() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        String token = tokens.mintPublicToken(DEV, List.of("read:sessions:user/1"), Duration.ofMinutes(1));

        // When
        HttpResponse<String> runs = send(request("/api/v1/sessions/user%2F1/runs", token));
        HttpResponse<String> read = send(request("/api/v1/sessions/user%2F1/snapshot-url", token));
        HttpResponse<String> write = send(
                request("/api/v1/sessions/user%2F1/snapshot-url", token).PUT(BodyPublishers.noBody()));

        // Then
        assertEquals("{\"data\":[],\"pagination\":{}}", runs.body());
        assertEquals("{\"presignedUrl\":\"read " + Rows.SESSION_ID + "\"}", read.body());
        assertEquals(403, write.statusCode());
    }

    @Test
    void aPortInUseIsReportedInOneLine() throws Exception {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // When
            SettingsException failure = assertThrows(SettingsException.class,
                    () -> IngressServer.start("127.0.0.1", taken.getLocalPort(), List.of(), List.of()));

            // Then
            assertTrue(failure.getMessage().startsWith("port " + taken.getLocalPort() + " on 127.0.0.1 is in use"),
                    failure.getMessage());
        }
    }

    private HttpRequest.Builder request(String path, String bearer) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + bearer);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("none");
    }

    private record FakeUrls() implements SnapshotUrls {
        @Override
        public String readUrl(Environment environment, String sessionId) {
            return "read " + sessionId;
        }

        @Override
        public String writeUrl(Environment environment, String sessionId) {
            return "write " + sessionId;
        }
    }
}
