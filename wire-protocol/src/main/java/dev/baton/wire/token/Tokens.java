package dev.baton.wire.token;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTDecodeException;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;

import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;

/**
 * Mints and checks the kinds of tokens. All are HS256, signed with the UTF-8 bytes of an environment's secret key;
 * the environment is found by {@code sub} before anything is verified. A bearer with three dot-separated parts is a
 * public token when its payload says {@code pub:true}, a run token when its header says {@code typ: run+jwt}, and
 * everything else is taken for a secret key (contract §4.1).
 */
public final class Tokens {
    public static final String ISSUER = "https://id.trigger.dev";
    public static final String AUDIENCE = "https://api.trigger.dev";
    /** Life of the token that a create answers with. */
    public static final Duration SESSION_TOKEN_TTL = Duration.ofHours(1);
    /** Longer than any run may last. */
    public static final Duration RUN_TOKEN_TTL = Duration.ofDays(30);
    /** Clients keep the token of a direct write for as long as they keep the session handle: at least a day. */
    public static final Duration FACADE_TOKEN_TTL = Duration.ofDays(7);
    private static final String RUN_TOKEN_TYPE = "run+jwt";
    private static final String FACADE_TOKEN_TYPE = "facade+jwt";

    private final Environments environments;
    private final Clock clock;

    public Tokens(Environments environments, Clock clock) {
        this.environments = environments;
        this.clock = clock;
    }

    public Environments environments() {
        return environments;
    }

    /** @throws AuthenticationException with the text of the 401 answer */
    public Credential authenticate(String bearer) throws AuthenticationException {
        Optional<DecodedJWT> jwt = decode(bearer);
        if (jwt.isPresent() && Boolean.TRUE.equals(jwt.get().getClaim("pub").asBoolean())) {
            return publicToken(jwt.get());
        }
        if (jwt.isPresent() && RUN_TOKEN_TYPE.equals(jwt.get().getType())) {
            return runToken(jwt.get());
        }
        return environments.bySecretKey(bearer, clock.instant()).map(Credential.SecretKey::new)
                .orElseThrow(() -> new AuthenticationException("Invalid API key"));
    }

    /** The token of one session that a create answers with: read and write, one hour. */
    public String mintSessionToken(Environment environment, String chatId) {
        return mintPublicToken(environment, List.of("read:sessions:" + chatId, "write:sessions:" + chatId),
                SESSION_TOKEN_TTL);
    }

    public String mintPublicToken(Environment environment, List<String> scopes, Duration ttl) {
        return mintPublicToken(environment, scopes, clock.instant().plus(ttl), Map.of());
    }

    /** @param extras further claims: {@code otu} and {@code realtime} (contract §4.1) */
    public String mintPublicToken(Environment environment, List<String> scopes, Instant expiresAt,
            Map<String, Object> extras) {
        return JWT.create().withPayload(extras).withSubject(environment.id()).withClaim("pub", true)
                .withClaim("scopes", scopes).withIssuer(ISSUER).withAudience(AUDIENCE)
                .withIssuedAt(clock.instant()).withExpiresAt(expiresAt)
                .sign(Algorithm.HMAC256(environment.currentKey()));
    }

    /** The credential of one run (design D5). */
    public String mintRunToken(Environment environment, SessionKey sessionKey, Writer run) {
        Instant now = clock.instant();
        return JWT.create().withHeader(Map.of("typ", RUN_TOKEN_TYPE)).withSubject(environment.id())
                .withClaim("run", run.runId()).withClaim("generation", run.generation())
                .withClaim("chat", sessionKey.chatId()).withIssuer(ISSUER).withAudience(AUDIENCE).withIssuedAt(now)
                .withExpiresAt(now.plus(RUN_TOKEN_TTL)).sign(Algorithm.HMAC256(environment.currentKey()));
    }

    /** The bearer of direct writes to one channel (contract §2.1). It is no {@link Credential}: it opens nothing else. */
    public String mintFacadeToken(FacadeGrant grant) {
        Instant now = clock.instant();
        JWTCreator.Builder token = JWT.create().withHeader(Map.of("typ", FACADE_TOKEN_TYPE))
                .withSubject(grant.environment().id()).withClaim("chat", grant.sessionKey().chatId())
                .withClaim("io", grant.channel().wireName()).withIssuer(ISSUER).withAudience(AUDIENCE)
                .withIssuedAt(now).withExpiresAt(now.plus(FACADE_TOKEN_TTL));
        if (grant.writer().runId() != null) {
            token.withClaim("run", grant.writer().runId()).withClaim("generation", grant.writer().generation());
        }
        return token.sign(Algorithm.HMAC256(grant.environment().currentKey()));
    }

    /** @throws AuthenticationException when the bearer is not a valid token of the direct-write facade */
    public FacadeGrant verifyFacadeToken(String bearer) throws AuthenticationException {
        DecodedJWT jwt = decode(bearer).filter(found -> FACADE_TOKEN_TYPE.equals(found.getType()))
                .orElseThrow(() -> new AuthenticationException("Invalid access token"));
        Environment environment = verify(jwt);
        String chatId = jwt.getClaim("chat").asString();
        Optional<Channel> channel = Optional.ofNullable(jwt.getClaim("io").asString()).flatMap(Channel::ofWireName);
        if (chatId == null || channel.isEmpty()) {
            throw new AuthenticationException("Invalid access token");
        }
        String runId = jwt.getClaim("run").asString();
        Long generation = jwt.getClaim("generation").asLong();
        Writer writer = runId == null || generation == null ? Writer.UNNAMED : new Writer(generation, runId);
        return new FacadeGrant(environment, new SessionKey(environment.id(), chatId), channel.get(), writer);
    }

    private Credential publicToken(DecodedJWT jwt) throws AuthenticationException {
        Environment environment = verify(jwt);
        return new Credential.PublicToken(environment, scopes(jwt));
    }

    /** What is no text grants nothing (contract §4.3). */
    private static List<Scope> scopes(DecodedJWT jwt) {
        List<Object> scopes = jwt.getClaim("scopes").asList(Object.class);
        return scopes == null
                ? List.of()
                : scopes.stream().filter(String.class::isInstance).map(String.class::cast).map(Scope::parse).toList();
    }

    private Credential runToken(DecodedJWT jwt) throws AuthenticationException {
        Environment environment = verify(jwt);
        String chatId = jwt.getClaim("chat").asString();
        String runId = jwt.getClaim("run").asString();
        Long generation = jwt.getClaim("generation").asLong();
        if (chatId == null || runId == null || generation == null) {
            throw new AuthenticationException("Invalid API key");
        }
        return new Credential.RunToken(environment, new SessionKey(environment.id(), chatId),
                new Writer(generation, runId));
    }

    private Environment verify(DecodedJWT jwt) throws AuthenticationException {
        Environment environment = Optional.ofNullable(jwt.getSubject()).flatMap(environments::byId)
                .orElseThrow(() -> new AuthenticationException("Invalid Public Access Token"));
        for (String key : environment.keysAt(clock.instant())) {
            if (verifies(jwt, key)) {
                return environment;
            }
        }
        throw new AuthenticationException("Public Access Token is invalid");
    }

    /** When a token was issued is not judged: the clock of the backend that signed it may run ahead of ours. */
    private boolean verifies(DecodedJWT jwt, String key) {
        var verification = (JWTVerifier.BaseVerification) JWT.require(Algorithm.HMAC256(key)).withIssuer(ISSUER)
                .withAudience(AUDIENCE).withClaimPresence("exp").ignoreIssuedAt();
        try {
            verification.build(clock).verify(jwt);
            return true;
        } catch (JWTVerificationException e) {
            return false;
        }
    }

    /** The library takes the JSON null for a header or for claims, and fails at the first look into them. */
    private static boolean isWhole(DecodedJWT jwt) {
        return isObject(jwt.getHeader()) && isObject(jwt.getPayload());
    }

    private static boolean isObject(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8).strip().startsWith("{");
    }

    private static Optional<DecodedJWT> decode(String bearer) {
        try {
            return bearer.chars().filter(c -> c == '.').count() == 2
                    ? Optional.of(JWT.decode(bearer)).filter(Tokens::isWhole)
                    : Optional.empty();
        } catch (JWTDecodeException e) {
            return Optional.empty();
        }
    }
}
