package dev.baton.ingress.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * Which routes browsers of other origins may use, and with which headers (contract §0.8). The headers are set before a
 * request is handled, so that error answers carry them too: without them a browser sees a network failure instead of a
 * status.
 */
final class CorsPolicy {
    static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    static final String EXPOSE_HEADERS = "Access-Control-Expose-Headers";
    private static final String[] COVERED = {"/api/v1/sessions", "/realtime/v1/"};
    private static final String MAX_AGE_S = "300";

    private CorsPolicy() {}

    static void register(RoutesConfig routes) {
        routes.before(CorsPolicy::allow);
        for (String path : new String[]{"/api/v1/sessions", "/api/v1/sessions/*", "/realtime/v1/*"}) {
            routes.options(path, CorsPolicy::preflight);
        }
    }

    static boolean covers(String path) {
        for (String prefix : COVERED) {
            if (path.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static void allow(Context ctx) {
        if (!covers(ctx.path())) {
            return;
        }
        String origin = ctx.header("Origin");
        ctx.header("Vary", "Origin");
        ctx.header(ALLOW_ORIGIN, origin == null ? "*" : origin);
        ctx.header(EXPOSE_HEADERS, "x-trigger-jwt,x-trigger-jwt-claims");
    }

    private static void preflight(Context ctx) {
        ctx.header("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE");
        String wanted = ctx.header("Access-Control-Request-Headers");
        if (wanted != null) {
            ctx.header("Access-Control-Allow-Headers", wanted);
        }
        ctx.header("Access-Control-Max-Age", MAX_AGE_S);
        ctx.contentType("application/json").result("{}");
    }

    /** Streams expose everything: browser code must see {@code X-Stream-Version}. */
    static void exposeAll(Context ctx) {
        ctx.header(EXPOSE_HEADERS, "*");
    }
}
