package dev.baton.ingress.http;

import io.javalin.http.Context;

import dev.baton.wire.token.AuthenticationException;
import dev.baton.wire.token.Credential;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Tokens;

/** Finds out who asks (contract §0.6, §4.1). */
public final class Authenticator {
    private static final String BEARER = "Bearer ";

    private final Tokens tokens;
    private final RateLimits limits;

    Authenticator(Tokens tokens, RateLimits limits) {
        this.tokens = tokens;
        this.limits = limits;
    }

    Tokens tokens() {
        return tokens;
    }

    Credential authenticate(Context ctx) {
        String bearer = bearer(ctx);
        if (bearer == null) {
            throw Failures.noAuthorization(ctx.path().startsWith("/api"));
        }
        try {
            Credential credential = tokens.authenticate(bearer);
            limits.count(ctx, bearer);
            return credential;
        } catch (AuthenticationException e) {
            throw Failures.unauthenticated(e.getMessage());
        }
    }

    /** For routes that take nothing but a secret key; every other bearer counts as an unknown key. */
    Environment secretKeyOnly(Context ctx) {
        if (bearer(ctx) == null) {
            throw Failures.unauthenticated("Invalid or Missing API key");
        }
        return switch (authenticate(ctx)) {
            case Credential.SecretKey key -> key.environment();
            case Credential.PublicToken _,Credential.RunToken _ ->
                throw Failures.unauthenticated("Invalid or Missing API key");
        };
    }

    /** For routes that refuse public tokens; one of them counts as an unknown key. */
    Credential secretKeyOrRunToken(Context ctx) {
        Credential credential = authenticate(ctx);
        return switch (credential) {
            case Credential.SecretKey _,Credential.RunToken _ -> credential;
            case Credential.PublicToken _ -> throw Failures.unauthenticated("Invalid API key");
        };
    }

    /** Null when there is none. */
    static String bearer(Context ctx) {
        String header = ctx.header("Authorization");
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return null;
        }
        String bearer = header.substring(BEARER.length()).strip();
        return bearer.isEmpty() ? null : bearer;
    }
}
