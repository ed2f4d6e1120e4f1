package dev.baton.ingress.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.auth0.jwt.JWT;
import com.auth0.jwt.interfaces.DecodedJWT;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.baton.ingress.Rows;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.token.Credential;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;
import dev.baton.wire.token.Scope;
import dev.baton.wire.token.Tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Minting over HTTP (contract §4.2). */
class TokenRoutesTest {
    private static final Environment DEV = new Environment("env_dev", "dev", "proj", List.of("tr_dev_key"));
    private static final Environment PROD = new Environment("env_prod", "prod", "proj", List.of("tr_prod_key"));
    private static final SessionKey CHAT = new SessionKey("env_dev", "user/1");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Tokens tokens = new Tokens(new Environments(List.of(DEV, PROD)), Clock.systemUTC());
    private final FakeSessions sessions = new FakeSessions();
    private IngressServer server;

    @BeforeEach
    void start() {
        Routes routes = new TokenRoutes(new Authenticator(tokens, new RateLimits(0, 1, Clock.systemUTC())), sessions,
                Clock.systemUTC());
        server = IngressServer.start("127.0.0.1", 0, ConnectionLimits.of(Settings.of(Map.of())), List.of(routes),
                List.of());
        sessions.learn(Rows.ofGeneration("user/1", 2));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** PROTOCOL 1.7. */
    @Test
    void aSecretKeyMintsWhatItLikesInItsEnvironment() throws Exception {
        // Given
        String body = "{\"scopes\":[\"read:sessions\",\"trigger:tasks:echo\"],\"expirationTime\":\"1h\","
                + "\"oneTimeUse\":true,\"realtime\":{\"skipColumns\":[\"payload\"]}}";

        // When
        HttpResponse<String> response = mint("tr_prod_key", body);

        // Then
        assertEquals(200, response.statusCode(), response.body());
        String token = WireJson.readTree(response.body()).path("token").asText();
        assertEquals(new Credential.PublicToken(PROD, List.of(Scope.parse("read:sessions"),
                Scope.parse("trigger:tasks:echo"))), tokens.authenticate(token));
        DecodedJWT jwt = JWT.decode(token);
        assertTrue(jwt.getClaim("otu").asBoolean());
        assertEquals(List.of("payload"), jwt.getClaim("realtime").asMap().get("skipColumns"));
        assertTrue(jwt.getExpiresAtAsInstant().isAfter(Instant.now().plus(Duration.ofMinutes(59))));
    }

    /** PROTOCOL 1.7. */
    @ParameterizedTest
    @CsvSource({"read:sessions:user/1,200", "write:sessions:user/1,200",
            "read:sessions:session_caaaaaaaaaaaaaaaaaaaaaaaa,200", "read:sessions:user/1:channels:notes,200",
            "write:sessions:user/1:in,200", "read:runs:run_2,200", "write:inputStreams:run_2,200",
            "read:sessions:user/2,403", "read:sessions,403", "read:all,403", "*:all:user/1,403", "admin,403",
            "read:runs:run_1,403", "read:runs,403", "trigger:tasks:echo,403", "read:sessions:user/11,403"})
    void aRunMintsForItsOwnSessionAndItselfOnly(String scope, int status) throws Exception {
        // Given
        String run = tokens.mintRunToken(DEV, CHAT, new Writer(2, "run_2"));

        // When
        HttpResponse<String> response = mint(run, "{\"scopes\":[\"read:sessions:user/1\",\"" + scope + "\"]}");

        // Then
        assertEquals(status, response.statusCode(), response.body());
        if (status == 403) {
            assertEquals("scopes_exceed_key_access", WireJson.readTree(response.body()).path("code").asText());
        }
    }

    @Test
    void aRunThatWasSupersededMintsNothing() throws Exception {
        // Given
        String run = tokens.mintRunToken(DEV, CHAT, new Writer(1, "run_1"));

        // When
        HttpResponse<String> response = mint(run, "{\"scopes\":[\"write:sessions:user/1\"]}");

        // Then: design D5
        assertEquals(409, response.statusCode(), response.body());
        assertTrue(response.body().contains("\"code\":\"stale_generation\""), response.body());
    }

    @Test
    void aPublicTokenAndAnUnknownKeyMintNothing() throws Exception {
        // Given
        String body = "{\"scopes\":[\"read:sessions:user/1\"]}";

        // When, Then
        assertEquals(401, mint(tokens.mintSessionToken(DEV, "user/1"), body).statusCode());
        assertEquals(401, mint("tr_dev_wrong", body).statusCode());
    }

    /** PROTOCOL 1.7. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"`` | 400", "{ | 400", "{} | 400",
            "{\"scopes\":[\"a\"],\"expirationTime\":\"31d\"} | 400"})
    void aBodyThatDoesNotFitIsA400(String body, int status) throws Exception {
        // Given, When
        HttpResponse<String> response = mint("tr_dev_key", body);

        // Then
        assertEquals(status, response.statusCode(), response.body());
    }

    private HttpResponse<String> mint(String bearer, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest
                .newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/api/v1/auth/public-tokens"))
                .header("Authorization", "Bearer " + bearer).POST(BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(20)).build();
        return http.send(request, BodyHandlers.ofString());
    }
}
