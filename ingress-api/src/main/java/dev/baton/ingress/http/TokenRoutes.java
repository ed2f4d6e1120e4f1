package dev.baton.ingress.http;

import java.time.Clock;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.token.Credential;
import dev.baton.wire.token.Environment;

/**
 * Public tokens for those who hold more than a public token: what a secret key needs to sign them itself, and minting
 * for holders that cannot sign (contract §4.2). No CORS: never for browsers.
 */
public final class TokenRoutes implements Routes {
    private final Authenticator authenticator;
    private final SessionDirectory sessions;
    private final Clock clock;

    public TokenRoutes(Authenticator authenticator, SessionDirectory sessions, Clock clock) {
        this.authenticator = authenticator;
        this.sessions = sessions;
        this.clock = clock;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/api/v1/auth/jwt/claims", this::claims);
        routes.post("/api/v1/auth/public-tokens", this::mint);
    }

    private void claims(Context ctx) {
        Environment environment = authenticator.secretKeyOnly(ctx);
        Answers.json(ctx, WireJson.MAPPER.createObjectNode().put("sub", environment.id()).put("pub", true));
    }

    private void mint(Context ctx) {
        Credential credential = authenticator.secretKeyOrRunToken(ctx);
        ObjectNode body = RequestBody.object(RequestBody.announced(ctx, RequestBody.SESSION_BYTES_MAX));
        PublicTokenForm form = PublicTokenForm.read(body, clock.instant());
        if (credential instanceof Credential.RunToken run) {
            requireOwn(run, form);
        }
        String token = authenticator.tokens().mintPublicToken(credential.environment(), form.scopes(),
                form.expiresAt(), form.extras());
        Answers.json(ctx, WireJson.MAPPER.createObjectNode().put("token", token));
    }

    /**
     * A run grants what is its own, as long as it is: a token that a superseded run made would write past the fence,
     * because public tokens name no run (design D5).
     */
    private void requireOwn(Credential.RunToken run, PublicTokenForm form) {
        SessionAddress session = SessionAddress.of(sessions, run.environment().id(), run.sessionKey().chatId());
        Access.requireCurrent(run, session.row());
        Set<String> forms = session.forms();
        if (!form.scopes().stream().allMatch(scope -> Access.mayGrant(run, scope, forms))) {
            throw Failures.scopesExceedKey();
        }
    }
}
