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
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;
import dev.baton.wire.token.Tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** contract §0.7; features #85. */
class RateLimitsTest {
    private static final Environment DEV = new Environment("env_dev", "dev", "proj", List.of("tr_dev_key"));
    private static final Environment PROD = new Environment("env_prod", "prod", "proj", List.of("tr_prod_key"));
    private static final Instant NOW = Instant.ofEpochMilli(1_000_000);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Tokens tokens = new Tokens(new Environments(List.of(DEV, PROD)), Clock.systemUTC());
    private final Clock stopped = Clock.fixed(NOW, ZoneOffset.UTC);
    private IngressServer server;

    @BeforeEach
    void start() {
        Authenticator authenticator = new Authenticator(tokens, new RateLimits(2, 4, stopped));
        FakeSessions sessions = new FakeSessions();
        server = IngressServer.start("127.0.0.1", 0, ConnectionLimits.of(Settings.of(Map.of())),
                List.of(new SessionListRoutes(authenticator, sessions, stopped),
                        new TokenRoutes(authenticator, sessions, stopped)),
                List.of());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** PROTOCOL 6.4. */
    @Test
    void aKeyThatAsksTooOftenIsToldWhenToComeBack() throws Exception {
        // Given
        HttpResponse<String> first = list("tr_dev_key");
        HttpResponse<String> second = list("tr_dev_key");

        // When
        HttpResponse<String> third = list("tr_dev_key");

        // Then: 2 at once, then one every 250 ms
        assertEquals(List.of(200, 200, 429), List.of(first.statusCode(), second.statusCode(), third.statusCode()));
        assertEquals(List.of("2", "1", "1000250"), limits(first));
        assertEquals(List.of("2", "0", "1000500"), limits(second));
        assertEquals(List.of("2", "0", "1000250"), limits(third));
        assertTrue(third.headers().firstValue("Content-Type").orElse("").startsWith("application/problem+json"));
        assertEquals("https://app.test", third.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
        JsonNode problem = WireJson.readTree(third.body());
        assertEquals("Rate Limit Exceeded", problem.path("title").asText());
        assertEquals(List.of(429L, 1_000_250L, 2L, 0L, 1L), List.of(problem.path("status").asLong(),
                problem.path("reset").asLong(), problem.path("limit").asLong(-1),
                problem.path("remaining").asLong(-1), problem.path("secondsUntilReset").asLong()));
        assertTrue(problem.hasNonNull("type") && problem.hasNonNull("detail") && problem.hasNonNull("error"));
    }

    @Test
    void oneKeyDoesNotUseUpWhatAnotherMay() throws Exception {
        // Given
        for (int i = 0; i < 3; i++) {
            list("tr_dev_key");
        }

        // When, Then
        assertEquals(200, list("tr_prod_key").statusCode());
        assertEquals(200, list(tokens.mintPublicToken(DEV, List.of("read:sessions"), Duration.ofMinutes(1)))
                .statusCode());
        assertEquals(429, list("tr_dev_key").statusCode());
        assertEquals(401, list("tr_dev_wrong").statusCode());
    }

    /** PROTOCOL 6.4. */
    @Test
    void claimsAreNeverRefusedForAskingTooOften() throws Exception {
        // Given
        for (int i = 0; i < 3; i++) {
            list("tr_dev_key");
        }

        // When
        HttpResponse<String> claims = http.send(request("/api/v1/auth/jwt/claims", "tr_dev_key")
                .POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());

        // Then
        assertEquals(200, claims.statusCode());
    }

    @Test
    void aBucketFillsWithTimeUpToItsBurstAndNotByAClockThatIsSetBack() {
        // Given
        TokenBucket bucket = new TokenBucket(2, 4, 0);
        bucket.take(0);
        bucket.take(0);

        // When, Then
        assertEquals(new TokenBucket.Taken(false, 2, 0, 250), bucket.take(100));
        assertTrue(bucket.take(250).granted());
        assertEquals(1, bucket.take(1_000_000).remaining());
        assertTrue(bucket.take(0).granted());
        assertFalse(bucket.take(0).granted());
    }

    @Test
    void numbersThatMakeNoBucketAreRefusedAtTheStart() {
        // Given
        Settings settings = Settings.of(Map.of("BATON_RATE_LIMIT_PER_SECOND", "0"));

        // When
        SettingsException refusal = assertThrows(SettingsException.class, () -> RateLimits.of(settings, stopped));

        // Then
        assertTrue(refusal.getMessage().contains("BATON_RATE_LIMIT_PER_SECOND of 1 or more"), refusal.getMessage());
    }

    private HttpResponse<String> list(String bearer) throws IOException, InterruptedException {
        return http.send(request("/api/v1/sessions", bearer).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String bearer) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Authorization", "Bearer " + bearer).header("Origin", "https://app.test")
                .timeout(Duration.ofSeconds(20));
    }

    private static List<String> limits(HttpResponse<?> response) {
        return List.of("limit", "remaining", "reset").stream()
                .map(name -> response.headers().firstValue("x-ratelimit-" + name).orElse("none")).toList();
    }
}
