package dev.baton.ingress.http;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.baton.ingress.Rows;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionReply.Refusal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Everything but the channels over HTTP: statuses, bodies, headers (contract §0, §1). */
class IngressRoutesTest extends OnIngress {
    private static final String CREATE = """
            {"type":"chat.agent","externalId":"user/1","taskIdentifier":"echo","triggerConfig":{"basePayload":{}}}""";

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

    /** Contract §0.5: a loader route judges HEAD as it judges GET. */
    @Test
    void headIsJudgedAsGetIs() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        HttpRequest.Builder stranger = HttpRequest.newBuilder(uri("/api/v1/sessions/user%2F1"));

        // When
        HttpResponse<String> known = send(request("/api/v1/sessions/user%2F1", KEY).HEAD());
        HttpResponse<String> unknown = send(request("/api/v1/sessions/none", KEY).HEAD());
        HttpResponse<String> unnamed = send(stranger.HEAD());

        // Then
        assertEquals(List.of(200, 404, 401),
                List.of(known.statusCode(), unknown.statusCode(), unnamed.statusCode()));
        assertEquals("", known.body());
    }

    /** Contract §0.5, §0.8: a path that only a preflight would fit is no route. */
    @Test
    void aPathWithoutARouteIsNotFound() throws Exception {
        // Given, When
        HttpResponse<String> response = send(request("/realtime/v1/nothing", KEY).GET());

        // Then
        assertEquals(404, response.statusCode());
        assertEquals("none", header(response, "Allow"));
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

    /** PROTOCOL 6.3. */
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

    /** PROTOCOL 1.10. */
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

    /** PROTOCOL 1.9. */
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

    /** PROTOCOL 2.6. */
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

    /** PROTOCOL 1.6. */
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
                    () -> IngressServer.start("127.0.0.1", taken.getLocalPort(),
                            ConnectionLimits.of(Settings.of(Map.of())), List.of(), List.of()));

            // Then
            assertTrue(failure.getMessage().startsWith("port " + taken.getLocalPort() + " on 127.0.0.1 is in use"),
                    failure.getMessage());
        }
    }
}
