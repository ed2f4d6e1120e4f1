package dev.baton.system.fuzz;

import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every route of the one port, with the statuses that a client may see there (contract §0.5, §0.6 and the error lists of
 * §1 and §2; docs/PROTOCOL.md for workers and limits). {@link RouteListTest} holds it against the server's own list.
 */
enum FuzzedRoute {
    HEALTH("GET", "/healthz", Form.NONE, 200, 503),
    READINESS("GET", "/readyz", Form.NONE, 200, 503),
    METRICS("GET", "/metrics", Form.NONE, 200),
    OPEN_API("GET", "/openapi.json", Form.NONE, 200),
    CLAIMS("POST", "/api/v1/auth/jwt/claims", Form.NONE, 200, 401),
    PUBLIC_TOKENS("POST", "/api/v1/auth/public-tokens", Form.PUBLIC_TOKEN, 200, 400, 401, 403, 409, 413, 429, 503),
    CREATE("POST", "/api/v1/sessions", Form.CREATE, 200, 201, 400, 401, 403, 409, 413, 422, 429, 503),
    LIST("GET", "/api/v1/sessions", Form.NONE, 200, 400, 401, 403, 429, 503),
    RETRIEVE("GET", "/api/v1/sessions/{session}", Form.NONE, 200, 401, 403, 404, 429, 503),
    UPDATE("PATCH", "/api/v1/sessions/{session}", Form.UPDATE, 200, 400, 401, 403, 404, 409, 413, 422, 429, 503),
    CLOSE("POST", "/api/v1/sessions/{session}/close", Form.CLOSE, 200, 400, 401, 403, 404, 409, 413, 429, 503),
    DELETE("DELETE", "/api/v1/sessions/{session}", Form.NONE, 200, 401, 403, 404, 409, 429, 503),
    CONTINUE("POST", "/api/v1/sessions/{session}/end-and-continue", Form.CONTINUE, 200, 400, 401, 403, 404, 409, 413,
            429,
            503),
    SNAPSHOT_READ("GET", "/api/v1/sessions/{session}/snapshot-url", Form.NONE, 200, 401, 403, 404, 429, 503),
    SNAPSHOT_WRITE("PUT", "/api/v1/sessions/{session}/snapshot-url", Form.NONE, 200, 401, 403, 404, 409, 429, 503),
    KEEP_HISTORY("POST", "/api/v1/sessions/{session}/keep-history", Form.NONE, 200, 401, 403, 404, 409, 429, 503),
    BOOT("GET", "/api/v1/sessions/{session}/boot", Form.NONE, 200, 400, 401, 403, 404, 429, 503),
    TRANSCRIPT("GET", "/api/v1/sessions/{session}/transcript", Form.NONE, 200, 400, 401, 403, 404, 429, 503),
    RUNS("GET", "/api/v1/sessions/{session}/runs", Form.NONE, 200, 400, 401, 403, 404, 429, 503),
    INITIALIZE("PUT", "/realtime/v1/sessions/{session}/{io}", Form.NONE, 202, 400, 401, 403, 404, 409, 503),
    PROBE("HEAD", "/realtime/v1/sessions/{session}/{io}", Form.NONE, 200, 400, 401, 403, 404, 503),
    STREAM("GET", "/realtime/v1/sessions/{session}/{io}", Form.NONE, 200, 400, 401, 403, 404, 503),
    APPEND("POST", "/realtime/v1/sessions/{session}/{io}/append", Form.TEXT, 200, 400, 401, 403, 404, 409, 413, 429,
            503),
    RECORDS("GET", "/realtime/v1/sessions/{session}/{io}/records", Form.NONE, 200, 400, 401, 403, 404, 503),
    SIDE_INITIALIZE("PUT", "/realtime/v1/sessions/{session}/channels/{channel}/{io}", Form.NONE, 202, 400, 401, 403,
            404,
            409, 503),
    SIDE_PROBE("HEAD", "/realtime/v1/sessions/{session}/channels/{channel}/{io}", Form.NONE, 200, 400, 401, 403, 404,
            503),
    SIDE_STREAM("GET", "/realtime/v1/sessions/{session}/channels/{channel}/{io}", Form.NONE, 200, 400, 401, 403, 404,
            503),
    SIDE_APPEND("POST", "/realtime/v1/sessions/{session}/channels/{channel}/{io}/append", Form.TEXT, 200, 400, 401, 403,
            404, 409, 413, 429, 503),
    SIDE_RECORDS("GET", "/realtime/v1/sessions/{session}/channels/{channel}/{io}/records", Form.NONE, 200, 400, 401,
            403,
            404, 503),
    DIRECT_WRITE("POST", "/s2/v1/streams/{name}/records", Form.BATCH, 200, 400, 401, 403, 404, 409, 413, 415, 503),
    DEQUEUE("POST", "/api/v1/workers/dequeue", Form.DEQUEUE, 200, 400, 401, 413, 503),
    HEARTBEAT("POST", "/api/v1/workers/heartbeat", Form.HEARTBEAT, 200, 400, 401, 413, 503),
    START("POST", "/api/v1/runs/{run}/attempts/{attempt}/start", Form.START, 200, 400, 401, 403, 409, 413, 503),
    COMPLETE("POST", "/api/v1/runs/{run}/attempts/{attempt}/complete", Form.COMPLETE, 200, 400, 401, 403, 413, 503),
    REGISTER("POST", "/api/v1/workers/register", Form.REGISTER, 200, 400, 401, 413, 503),
    PROMOTE("POST", "/api/v1/workers/versions/{version}/promote", Form.PROMOTE, 200, 400, 401, 413, 503),
    LIST_RUNS("GET", "/api/v1/runs", Form.NONE, 200, 400, 401, 403, 429, 503),
    RUN("GET", "/api/v1/runs/{run}", Form.NONE, 200, 401, 403, 404, 429, 503),
    RUN_EVENTS("GET", "/api/v1/runs/{run}/events", Form.NONE, 200, 401, 403, 404, 429, 503),
    CANCEL_RUN("POST", "/api/v1/runs/{run}/cancel", Form.NONE, 200, 401, 403, 404, 409, 429, 503),
    WAIT("POST", "/api/v1/runs/{run}/session-streams/wait", Form.WAIT, 200, 400, 401, 403, 404, 409, 413, 422, 429,
            503),
    BLOCK("POST", "/engine/v1/runs/{run}/waitpoints/tokens/{waitpoint}/wait", Form.NONE, 200, 401, 403, 404, 503),
    WAITPOINT("GET", "/api/v1/waitpoints/tokens/{waitpoint}", Form.NONE, 200, 401, 403, 404, 429, 503),
    PREFLIGHT_SESSIONS("OPTIONS", "/api/v1/sessions", Form.NONE, 200),
    PREFLIGHT_SESSION("OPTIONS", "/api/v1/sessions/*", Form.NONE, 200),
    PREFLIGHT_CHANNEL("OPTIONS", "/realtime/v1/*", Form.NONE, 200);

    /** What a body of the route looks like. */
    enum Form {
        NONE,
        PUBLIC_TOKEN,
        CREATE,
        UPDATE,
        CLOSE,
        CONTINUE,
        TEXT,
        BATCH,
        DEQUEUE,
        HEARTBEAT,
        REGISTER,
        PROMOTE,
        START,
        COMPLETE,
        WAIT
    }

    /** What the server says before any route is asked (docs/PROTOCOL.md §6). */
    static final Set<Integer> TRANSPORT = Set.of(400, 408, 413, 414, 417, 426, 431, 501, 505);
    /** What an address or a method leads to that is no route's. */
    static final Set<Integer> NOWHERE = Set.of(404, 405);

    private final String method;
    private final String template;
    private final Form form;
    private final Set<Integer> statuses;

    FuzzedRoute(String method, String template, Form form, Integer... statuses) {
        this.method = method;
        this.template = template;
        this.form = form;
        this.statuses = Set.copyOf(Arrays.asList(statuses));
    }

    String method() {
        return method;
    }

    String template() {
        return template;
    }

    Form form() {
        return form;
    }

    Set<Integer> statuses() {
        return statuses;
    }

    /** Browsers of other origins may use it: every answer says so (contract §0.8). */
    boolean forBrowsers() {
        return template.startsWith("/api/v1/sessions") || template.startsWith("/realtime/v1/");
    }

    /** Errors may be plain text (contract §2.1, §2.2), or the route has nothing but text. */
    boolean answersText() {
        return switch (this) {
            case HEALTH, READINESS, METRICS, INITIALIZE, STREAM, SIDE_INITIALIZE, SIDE_STREAM -> true;
            case OPEN_API, REGISTER, PROMOTE, LIST_RUNS, RUN, RUN_EVENTS, CANCEL_RUN, SIDE_PROBE, SIDE_APPEND,
                    SIDE_RECORDS, CLAIMS, PUBLIC_TOKENS, CREATE, LIST, RETRIEVE, UPDATE,
                    CLOSE, DELETE, CONTINUE, SNAPSHOT_READ, SNAPSHOT_WRITE, KEEP_HISTORY, BOOT, TRANSCRIPT,
                    RUNS, PROBE, APPEND, RECORDS, DIRECT_WRITE, DEQUEUE, HEARTBEAT, START, COMPLETE,
                    WAIT, BLOCK, WAITPOINT,
                    PREFLIGHT_SESSIONS, PREFLIGHT_SESSION, PREFLIGHT_CHANNEL ->
                false;
        };
    }

    /** Every status that any route documents: for requests whose address was changed. */
    static Set<Integer> anywhere() {
        Set<Integer> all = new TreeSet<>(NOWHERE);
        for (FuzzedRoute route : values()) {
            all.addAll(route.statuses);
        }
        return Collections.unmodifiableSet(all);
    }
}
