package dev.baton.ingress.http;

import io.javalin.config.RoutesConfig;

/** One group of routes. */
@FunctionalInterface
public interface Routes {
    void register(RoutesConfig routes);
}
