package dev.baton.run.gateway;

import io.javalin.http.Context;
import io.javalin.http.Header;

import dev.baton.wire.json.WireJson;

/** A request that is not done, with its answer. The table from failure to status is the list of factories here. */
final class GatewayRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int RETRY_AFTER_SECONDS = 1;

    private final int status;

    private GatewayRefusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    static GatewayRefusal badRequest(String message) {
        return new GatewayRefusal(400, message);
    }

    static GatewayRefusal unauthenticated() {
        return new GatewayRefusal(401, "Invalid API key");
    }

    /** A run token of another run (contract §0.5). */
    static GatewayRefusal forbidden() {
        return new GatewayRefusal(403, "Unauthorized");
    }

    static GatewayRefusal tooSlow() {
        return new GatewayRefusal(408, "Request body took too long");
    }

    static GatewayRefusal notYours(Attempt attempt) {
        return new GatewayRefusal(409, "expected attempt " + attempt.attempt() + " of " + attempt.runId()
                + " to be assigned to worker " + attempt.workerId() + ", but it is not: drop the run");
    }

    static GatewayRefusal tooLarge() {
        return new GatewayRefusal(413, "Request body too large");
    }

    /** Try again soon: the broker or the topology does not answer, or we are full or still starting. */
    static GatewayRefusal unavailable(String message) {
        return new GatewayRefusal(503, message);
    }

    void answer(Context ctx) {
        if (status == 503) {
            ctx.header(Header.RETRY_AFTER, Integer.toString(RETRY_AFTER_SECONDS));
        }
        var body = WireJson.MAPPER.createObjectNode().put("error", getMessage());
        if (status == 403) {
            body.put("code", "unauthorized").put("param", "access_token").put("type", "authorization");
        }
        ctx.status(status).contentType("application/json").result(body.toString());
    }
}
