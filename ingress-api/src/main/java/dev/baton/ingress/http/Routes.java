package dev.baton.ingress.http;

import io.javalin.config.RoutesConfig;

/** One group of routes. */
@FunctionalInterface
public interface Routes {
    void register(RoutesConfig routes);

    /** The server is about to stop: whoever holds requests open ends them now. */
    default void stop() {
        // Most routes answer at once.
    }
}
