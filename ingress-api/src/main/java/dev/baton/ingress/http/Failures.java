package dev.baton.ingress.http;

import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.ingress.facade.FacadeFailure;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.json.WireJson;

/**
 * The table from condition to status, body and headers (contract §0.5, §0.6 and the error lists of §1 and §2). Every
 * error answer of the ingress is a line here.
 */
public final class Failures {
    private static final String JSON = "application/json; charset=utf-8";
    private static final String PROBLEM = "application/problem+json; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";
    /** Clients of this protocol repeat 409 and 5xx by themselves; this header tells them that it is final. */
    private static final Map<String, String> DO_NOT_RETRY = Map.of("x-should-retry", "false");
    private static final Map<String, String> RETRY_AFTER_1_S = Map.of("Retry-After", "1");

    private Failures() {}

    // The request as such (§0.5).

    public static HttpFailure pathParams(String details) {
        return json(400, error("Params Error").put("details", details));
    }

    public static HttpFailure query(String details) {
        return json(400, error("Query Error").put("details", details));
    }

    public static HttpFailure emptyBody() {
        return json(400, error("Request body is empty"));
    }

    /** It ended before its announced length. */
    public static HttpFailure incompleteBody() {
        return json(400, error("Request body is incomplete"));
    }

    /** It came so slowly that nobody waits for the rest: the same request may be sent again. */
    public static HttpFailure bodyTooSlow() {
        return json(408, error("Request body took too long"));
    }

    public static HttpFailure invalidJson() {
        return json(400, error("Invalid JSON"));
    }

    public static HttpFailure invalidField(String message) {
        return json(400, error(message));
    }

    public static HttpFailure unprocessable(String message) {
        return json(422, error(message));
    }

    public static HttpFailure bodyTooLarge() {
        return json(413, error("Request body too large"));
    }

    public static HttpFailure methodNotAllowed(String allowed) {
        return json(405, error("Method not allowed"), Map.of("Allow", allowed));
    }

    public static HttpFailure unknownPath() {
        return json(404, error("Not found"), DO_NOT_RETRY);
    }

    public static HttpFailure unhandled() {
        return json(500, error("Internal Server Error"));
    }

    public static HttpFailure ofStatus(int status, String message) {
        return json(status, error(message));
    }

    /** The broker or the one who decides does not answer: the same request may be sent again. */
    public static HttpFailure unavailable(String message) {
        return json(503, error(message), RETRY_AFTER_1_S);
    }

    public static HttpFailure appendUnavailable() {
        return json(503, notOk("Something went wrong, please try again."), RETRY_AFTER_1_S);
    }

    // Who asks (§0.6).

    public static HttpFailure noAuthorization(boolean api) {
        if (!api) {
            return json(401, error("Invalid or Missing API key"));
        }
        ObjectNode problem = error("No authorization header provided").put("title", "Unauthorized").put("status", 401)
                .put("type", "https://httpstatuses.com/401").put("detail", "No authorization header provided");
        return new HttpFailure(401, PROBLEM, problem.toString(), Map.of());
    }

    public static HttpFailure unauthenticated(String message) {
        return json(401, error(message));
    }

    public static HttpFailure forbidden() {
        return json(403, error("Unauthorized").put("code", "unauthorized").put("param", "access_token").put("type",
                "authorization"));
    }

    public static HttpFailure createForbidden() {
        return json(403, error("Unauthorized"));
    }

    /** Clients of this protocol wait until the reset, which is in the headers too, and try again (§0.7). */
    static HttpFailure rateLimited(TokenBucket.Taken taken, long nowMs) {
        long seconds = Math.ceilDiv(taken.resetAt() - nowMs, 1000);
        String detail = "Rate limit exceeded. Retry in " + seconds + " seconds.";
        ObjectNode problem = error(detail).put("title", "Rate Limit Exceeded").put("status", 429)
                .put("type", "https://httpstatuses.com/429").put("detail", detail).put("reset", taken.resetAt())
                .put("limit", taken.limit()).put("remaining", taken.remaining()).put("secondsUntilReset", seconds);
        return new HttpFailure(429, PROBLEM, problem.toString(), Map.of());
    }

    /** Who mints a public token cannot give more than it has (§4.2). */
    public static HttpFailure scopesExceedKey() {
        return json(403, error("The requested scopes exceed the access of this key").put("code",
                "scopes_exceed_key_access"));
    }

    /** A run that has ended or was superseded tries to write (design D5). */
    public static HttpFailure staleGeneration(long generation, long current) {
        return json(409, notOk(FacadeFailure.ownershipLost(generation, current)).put("code",
                FacadeFailure.STALE_GENERATION), DO_NOT_RETRY);
    }

    // Sessions (§1).

    /** Loader routes. */
    public static HttpFailure notFound() {
        return json(404, error("Not found"), DO_NOT_RETRY);
    }

    /** Action routes. */
    public static HttpFailure resourceNotFound() {
        return json(404, error("Resource not found"));
    }

    public static HttpFailure sessionNotFound() {
        return json(404, error("Session not found"));
    }

    public static HttpFailure createOnClosed() {
        return json(409, error("Session is closed; use a different externalId to create a new session"), DO_NOT_RETRY);
    }

    public static HttpFailure createOnExpired() {
        return json(409, error("Session is expired; use a different externalId to create a new session"), DO_NOT_RETRY);
    }

    public static HttpFailure createOnDeleted() {
        return json(409, error("Session was deleted; use a different externalId to create a new session"),
                DO_NOT_RETRY);
    }

    public static HttpFailure externalIdFixed() {
        return unprocessable("externalId cannot be changed after creation; close this session and create a new one with"
                + " the desired externalId");
    }

    public static HttpFailure continueOnClosed() {
        return json(400, error("Cannot end-and-continue a closed session"));
    }

    public static HttpFailure continueOnExpired() {
        return json(400, error("Cannot end-and-continue an expired session"));
    }

    public static HttpFailure callingRunUnknown() {
        return json(404, error("callingRunId not found in this environment"));
    }

    // Waits (§3).

    public static HttpFailure runNotFound() {
        return json(404, error("Run not found"));
    }

    public static HttpFailure waitpointNotFound() {
        return json(404, error("Waitpoint not found"), DO_NOT_RETRY);
    }

    public static HttpFailure tooManyWaits(String max) {
        return unprocessable("expected at most " + max + " pending waits on one session: let some of them end first");
    }

    // Channels (§2).

    public static HttpFailure initNeedsSecretKey() {
        return text(403, "Initializing the out channel requires secret key authentication");
    }

    public static HttpFailure initNotFound() {
        return text(404, "Session not found");
    }

    public static HttpFailure initOnClosed() {
        return text(400, "Cannot initialize a channel on a closed session");
    }

    public static HttpFailure badTimeout(String message) {
        return text(400, message);
    }

    public static HttpFailure tooManyStreams() {
        return json(503, error("Too many open streams"), RETRY_AFTER_1_S);
    }

    public static HttpFailure appendOnClosed(String closedReason) {
        return json(409, notOk("Cannot append to a closed session").put("code", "session_closed").put("closedReason",
                closedReason), DO_NOT_RETRY);
    }

    public static HttpFailure appendOnExpired() {
        return json(400, notOk("Cannot append to an expired session"));
    }

    public static HttpFailure appendNeedsSecretKey() {
        return json(403, notOk("Appending to the out channel requires secret key authentication"));
    }

    public static HttpFailure recordTooLarge(long meteredBytes) {
        return json(413, notOk("Record metered size " + meteredBytes + " bytes exceeds the S2 per-record limit of "
                + ChannelRecord.METERED_BYTES_MAX
                + " bytes. Reduce tool-output size or split into smaller parts."));
    }

    // Direct writes (§2.6): errors as {"code":…,"message":…}. Their table is FacadeFailure, which has no HTTP around it.

    static HttpFailure facade(FacadeFailure failure) {
        Map<String, String> headers = switch (failure.status()) {
            case 409 -> DO_NOT_RETRY;
            case 503 -> RETRY_AFTER_1_S;
            default -> Map.of();
        };
        return json(failure.status(), WireJson.MAPPER.createObjectNode().put("code", failure.code()).put("message",
                failure.getMessage()), headers);
    }

    private static ObjectNode error(String message) {
        return WireJson.MAPPER.createObjectNode().put("error", message);
    }

    private static ObjectNode notOk(String message) {
        return WireJson.MAPPER.createObjectNode().put("ok", false).put("error", message);
    }

    private static HttpFailure json(int status, ObjectNode body) {
        return json(status, body, Map.of());
    }

    private static HttpFailure json(int status, ObjectNode body, Map<String, String> headers) {
        return new HttpFailure(status, JSON, body.toString(), headers);
    }

    private static HttpFailure text(int status, String body) {
        return new HttpFailure(status, TEXT, body, Map.of());
    }
}
