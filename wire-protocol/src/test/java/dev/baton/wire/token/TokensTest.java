package dev.baton.wire.token;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import org.junit.jupiter.api.Test;

import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** contract §4.1, §4.5. */
class TokensTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Environment DEV = new Environment("env_dev", "dev", "proj",
            List.of("tr_dev_new", "tr_dev_old"));
    private static final Environment PROD = new Environment("env_prod", "prod", "proj", List.of("tr_prod_key"));
    private static final Environments BOTH = new Environments(List.of(DEV, PROD));
    private static final SessionKey CHAT = new SessionKey("env_dev", "user/1");

    private final Tokens tokens = at(NOW);

    @Test
    void aSecretKeyIsFoundAmongAllEnvironments() throws AuthenticationException {
        // Given, When
        Credential credential = tokens.authenticate("tr_prod_key");

        // Then
        assertEquals(new Credential.SecretKey(PROD), credential);
        assertTrue(credential.actsAsSecretKeyFor(CHAT));
    }

    @Test
    void anUnknownSecretKeyIsRefused() {
        // Given, When, Then: contract §0.6
        assertEquals("Invalid API key", refusal("tr_dev_wrong"));
        assertEquals("Invalid API key", refusal("tr_pub_invalid_not_a_real_token"));
        assertEquals("Invalid API key", refusal("a.b.c"));
    }

    @Test
    void aTokenWhoseHeaderOrClaimsAreNoObjectCountsAsAnUnknownKey() {
        // Given
        String none = base64("null");

        // When, Then: contract §0.6
        assertEquals("Invalid API key", refusal(base64("{\"alg\":\"HS256\"}") + "." + none + ".x"));
        assertEquals("Invalid API key", refusal(none + "." + base64("{\"pub\":true}") + ".x"));
    }

    @Test
    void scopesThatAreNoTextGrantNothing() throws AuthenticationException {
        // Given
        var claims = claims("env_dev", Tokens.ISSUER).withPayload(Map.of("scopes", List.of(1, List.of(), "admin")));

        // When
        Credential credential = tokens.authenticate(claims.sign(Algorithm.HMAC256("tr_dev_new")));

        // Then: contract §4.3
        assertEquals(List.of(Scope.parse("admin")), ((Credential.PublicToken) credential).scopes());
    }

    @Test
    void aSessionTokenGrantsReadAndWriteOfItsSessionForAnHour() throws AuthenticationException {
        // Given
        String token = tokens.mintSessionToken(DEV, "user/1");

        // When
        Credential credential = tokens.authenticate(token);

        // Then
        Credential.PublicToken publicToken = assertInstanceOf(Credential.PublicToken.class, credential);
        assertEquals(List.of(Scope.parse("read:sessions:user/1"), Scope.parse("write:sessions:user/1")),
                publicToken.scopes());
        assertFalse(credential.actsAsSecretKeyFor(CHAT));
        assertEquals("Public Access Token is invalid",
                refusalAt(NOW.plus(Duration.ofHours(1)).plusSeconds(1), token));
    }

    @Test
    void aTokenOfAnotherKeyOrIssuerOrEnvironmentIsRefused() {
        // Given
        String forged = claims("env_dev", Tokens.ISSUER).sign(Algorithm.HMAC256("guess"));
        String foreign = claims("env_dev", "https://elsewhere.example").sign(Algorithm.HMAC256("tr_dev_new"));
        String unknown = claims("env_none", Tokens.ISSUER).sign(Algorithm.HMAC256("tr_dev_new"));
        String crossed = claims("env_dev", Tokens.ISSUER).sign(Algorithm.HMAC256("tr_prod_key"));

        // When, Then
        assertEquals("Public Access Token is invalid", refusal(forged));
        assertEquals("Public Access Token is invalid", refusal(foreign));
        assertEquals("Public Access Token is invalid", refusal(crossed));
        assertEquals("Invalid Public Access Token", refusal(unknown));
    }

    @Test
    void aTokenSignedWithARotatedKeyStillVerifies() throws AuthenticationException {
        // Given
        String token = claims("env_dev", Tokens.ISSUER).sign(Algorithm.HMAC256("tr_dev_old"));

        // When
        Credential credential = tokens.authenticate(token);

        // Then
        assertEquals(new Credential.PublicToken(DEV, List.of()), credential);
    }

    @Test
    void aTokenFromABackendWhoseClockRunsAheadIsAccepted() throws AuthenticationException {
        // Given: contract §4.1 names signature, issuer, audience and expiry, and nothing else
        String early = claims("env_dev", Tokens.ISSUER).withIssuedAt(NOW.plusSeconds(30))
                .sign(Algorithm.HMAC256("tr_dev_new"));

        // When
        Credential credential = tokens.authenticate(early);

        // Then
        assertEquals(new Credential.PublicToken(DEV, List.of()), credential);
    }

    @Test
    void aTokenWithoutExpiryIsRefused() {
        // Given
        String eternal = JWT.create().withSubject("env_dev").withClaim("pub", true).withIssuer(Tokens.ISSUER)
                .withAudience(Tokens.AUDIENCE).sign(Algorithm.HMAC256("tr_dev_new"));

        // When, Then
        assertEquals("Public Access Token is invalid", refusal(eternal));
    }

    /** Contract §4.3: malformed scopes grant nothing, and take nothing from those beside them. */
    @Test
    void scopesThatAreNoTextsGrantNothing() throws AuthenticationException {
        // Given
        String token = claims("env_dev", Tokens.ISSUER).withPayload(
                "{\"scopes\":[{\"read\":1},7,null,\"read:sessions\"]}").sign(Algorithm.HMAC256("tr_dev_new"));

        // When
        Credential credential = tokens.authenticate(token);

        // Then
        assertEquals(new Credential.PublicToken(DEV, List.of(Scope.parse("read:sessions"))), credential);
    }

    @Test
    void aRunTokenActsAsSecretKeyForItsOwnSessionOnlyAndNamesItsRun() throws AuthenticationException {
        // Given
        String token = tokens.mintRunToken(DEV, CHAT, new Writer(3, "run_x"));

        // When
        Credential credential = tokens.authenticate(token);

        // Then
        assertTrue(credential.actsAsSecretKeyFor(CHAT));
        assertFalse(credential.actsAsSecretKeyFor(new SessionKey("env_dev", "user/2")));
        assertEquals(new Writer(3, "run_x"), credential.writer());
    }

    @Test
    void aFacadeTokenOpensOneChannelForDirectWritesAndNothingElse() throws AuthenticationException {
        // Given
        FacadeGrant grant = new FacadeGrant(DEV, CHAT, Channel.OUT, new Writer(3, "run_x"));

        // When
        String token = tokens.mintFacadeToken(grant);

        // Then
        assertEquals(grant, tokens.verifyFacadeToken(token));
        assertEquals(grant, at(NOW.plus(Duration.ofDays(1))).verifyFacadeToken(token));
        assertEquals("Invalid API key", refusal(token));
        assertThrows(AuthenticationException.class, () -> tokens.verifyFacadeToken("tr_dev_new"));
        assertThrows(AuthenticationException.class,
                () -> tokens.verifyFacadeToken(tokens.mintRunToken(DEV, CHAT, new Writer(3, "run_x"))));
    }

    private static com.auth0.jwt.JWTCreator.Builder claims(String environmentId, String issuer) {
        return JWT.create().withSubject(environmentId).withClaim("pub", true).withIssuer(issuer)
                .withAudience(Tokens.AUDIENCE).withExpiresAt(NOW.plusSeconds(60));
    }

    private static String base64(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Tokens at(Instant instant) {
        return new Tokens(BOTH, Clock.fixed(instant, ZoneOffset.UTC));
    }

    private String refusal(String bearer) {
        return refusalAt(NOW, bearer);
    }

    private static String refusalAt(Instant instant, String bearer) {
        return assertThrows(AuthenticationException.class, () -> at(instant).authenticate(bearer)).getMessage();
    }
}
