package dev.baton.ingress.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

import io.javalin.config.RoutesConfig;

/** All routes of this port, those of the worker gateway among them, as an OpenAPI document; for anybody. */
public final class OpenApiRoutes implements Routes {
    private static final String RESOURCE = "openapi.json";

    @Override
    public void register(RoutesConfig routes) {
        byte[] document = document();
        Routes.reading(routes, "/openapi.json", ctx -> ctx.contentType("application/json").result(document));
    }

    /** As it lies beside the code; a test holds it against the routes. */
    public static byte[] document() {
        try (InputStream in = OpenApiRoutes.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("expected the resource " + RESOURCE + ", but it is not there");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
