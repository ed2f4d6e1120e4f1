package dev.baton.run.gateway;

import io.javalin.http.Context;
import io.javalin.http.Header;

import dev.baton.wire.token.AuthenticationException;
import dev.baton.wire.token.Credential;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Tokens;

/** Who may talk to the gateway: holders of the secret key, and a run about itself. */
final class WorkerAuthentication {
    private static final String BEARER = "Bearer ";

    private final Tokens tokens;

    WorkerAuthentication(Tokens tokens) {
        this.tokens = tokens;
    }

    /** The environment of a secret key. @throws GatewayRefusal 401 for anything else (contract §0.6) */
    Environment worker(Context ctx) {
        return switch (credential(ctx)) {
            case Credential.SecretKey key -> key.environment();
            case Credential.PublicToken _,Credential.RunToken _ -> throw GatewayRefusal.unauthenticated();
        };
    }

    /** The environment of a secret key or of the token of this very run. @throws GatewayRefusal 401 or 403 */
    Environment workerOrRun(Context ctx, String runId) {
        return switch (credential(ctx)) {
            case Credential.SecretKey key -> key.environment();
            case Credential.PublicToken _ -> throw GatewayRefusal.unauthenticated();
            case Credential.RunToken token -> {
                if (!runId.equals(token.writer().runId())) {
                    throw GatewayRefusal.forbidden();
                }
                yield token.environment();
            }
        };
    }

    private Credential credential(Context ctx) {
        String header = ctx.header(Header.AUTHORIZATION);
        if (header == null || !header.startsWith(BEARER)) {
            throw GatewayRefusal.unauthenticated();
        }
        try {
            return tokens.authenticate(header.substring(BEARER.length()).strip());
        } catch (AuthenticationException _) {
            throw GatewayRefusal.unauthenticated();
        }
    }
}
