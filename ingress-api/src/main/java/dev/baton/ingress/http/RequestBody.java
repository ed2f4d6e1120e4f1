package dev.baton.ingress.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.Key;
import io.javalin.http.Context;

import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.ArrivingBody;

/** Reads request bodies within their limits (contract §0.5, §7.7). */
final class RequestBody {
    /** How long a body may take to arrive. */
    static final Key<Duration> ARRIVAL_MAX = new Key<>("arrivalMax");
    /** Create and update. */
    static final int SESSION_BYTES_MAX = 32_768;
    /** Close and end-and-continue. */
    static final int SMALL_BYTES_MAX = 1024;
    static final int APPEND_BYTES_MAX = 1_048_576;
    /** A batch of 1 MiB whose bodies are JSON inside JSON, where every quote takes four bytes. */
    static final int FACADE_BYTES_MAX = 4 * 1024 * 1024;
    /** So much of a refused body is read and thrown away, so that the client reads the answer and not a reset. */
    private static final int DISCARDED_BYTES_MAX = 8 * 1024 * 1024;

    private RequestBody() {}

    /** The body of a capped route, which must announce its length. */
    static byte[] announced(Context ctx, int bytesMax) {
        long length = ctx.req().getContentLengthLong();
        if (length < 0 || length > bytesMax) {
            discard(ctx);
            throw Failures.bodyTooLarge();
        }
        return read(ctx, bytesMax);
    }

    /** As {@link #announced}, but no body at all, not even a length, counts as an empty one. */
    static byte[] announcedOrNone(Context ctx, int bytesMax) {
        boolean none = ctx.req().getContentLengthLong() < 0 && ctx.header("Transfer-Encoding") == null;
        return none ? new byte[0] : announced(ctx, bytesMax);
    }

    /** A body that may come without a length. */
    static byte[] upTo(Context ctx, int bytesMax) {
        if (ctx.req().getContentLengthLong() > bytesMax) {
            discard(ctx);
            throw Failures.bodyTooLarge();
        }
        return read(ctx, bytesMax);
    }

    static ObjectNode object(byte[] body) {
        if (body.length == 0) {
            throw Failures.emptyBody();
        }
        if (parse(body) instanceof ObjectNode object) {
            return object;
        }
        throw Failures.invalidField("Expected an object as request body");
    }

    /** An empty body counts as {@code {}} (contract §12: close). */
    static ObjectNode objectOrEmpty(byte[] body) {
        return body.length == 0 ? WireJson.MAPPER.createObjectNode() : object(body);
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode node = WireJson.MAPPER.readTree(body);
            if (node == null || node.isMissingNode() || !isText(node)) {
                throw Failures.invalidJson();
            }
            return node;
        } catch (IOException _) {
            throw Failures.invalidJson();
        }
    }

    /** An escaped half of a surrogate pair parses, but no UTF-8 can hold it. */
    private static boolean isText(JsonNode node) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(node.toString());
    }

    private static byte[] read(Context ctx, int bytesMax) {
        try {
            byte[] body = ArrivingBody.read(ctx.req().getInputStream(), bytesMax, ctx.appData(ARRIVAL_MAX));
            if (body.length > bytesMax) {
                discard(ctx);
                throw Failures.bodyTooLarge();
            }
            return body;
        } catch (ArrivingBody.TooSlow _) {
            throw Failures.bodyTooSlow();
        } catch (IOException _) {
            throw Failures.incompleteBody();
        }
    }

    private static void discard(Context ctx) {
        try {
            ArrivingBody.discard(ctx.req().getInputStream(), DISCARDED_BYTES_MAX, ctx.appData(ARRIVAL_MAX));
        } catch (IOException _) {
            // The client is gone, or takes too long: nobody waits for the answer.
        }
    }
}
