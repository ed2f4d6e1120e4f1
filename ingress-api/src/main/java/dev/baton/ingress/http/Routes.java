package dev.baton.ingress.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;

/** One group of routes. */
@FunctionalInterface
public interface Routes {
    void register(RoutesConfig routes);

    /**
     * A route that only reads. HEAD is judged as GET is and answers its headers (contract §0.5): left to itself the
     * framework answers HEAD with 200 wherever there is a GET, to anybody and for whatever does not exist.
     */
    static void reading(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }

    /** The server is about to stop: whoever holds requests open ends them now. */
    default void stop() {
        // Most routes answer at once.
    }
}
