package dev.baton.ingress.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;

/** Successful answers. */
final class Answers {
    private Answers() {}

    static void json(Context ctx, JsonNode body) {
        ctx.contentType("application/json; charset=utf-8").result(body.toString());
    }
}
