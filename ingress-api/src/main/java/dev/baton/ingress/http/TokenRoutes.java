package dev.baton.ingress.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import dev.baton.wire.json.WireJson;
import dev.baton.wire.token.Environment;

/** What a holder of a secret key needs to sign public tokens itself (contract §4.2). No CORS: never for browsers. */
public final class TokenRoutes implements Routes {
    private final Authenticator authenticator;

    public TokenRoutes(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/api/v1/auth/jwt/claims", this::claims);
    }

    private void claims(Context ctx) {
        Environment environment = authenticator.secretKeyOnly(ctx);
        Answers.json(ctx, WireJson.MAPPER.createObjectNode().put("sub", environment.id()).put("pub", true));
    }
}
