package dev.baton.ingress.http;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import dev.baton.wire.service.ServiceHealth;

/** Health of the whole process: of the ingress and of every other service that runs in it. */
public final class HealthRoutes implements Routes {
    private final List<ServiceHealth> services;
    private final Supplier<String> metrics;

    /** @param metrics Prometheus text */
    public HealthRoutes(List<ServiceHealth> services, Supplier<String> metrics) {
        this.services = List.copyOf(services);
        this.metrics = metrics;
    }

    @Override
    public void register(RoutesConfig routes) {
        Routes.reading(routes, "/healthz", ctx -> answer(ctx, ServiceHealth::live, "failed: "));
        Routes.reading(routes, "/readyz", ctx -> answer(ctx, ServiceHealth::ready, "not yet: "));
        Routes.reading(routes, "/metrics", ctx -> ctx.contentType("text/plain; version=0.0.4; charset=utf-8")
                .result(metrics.get()));
    }

    private void answer(Context ctx, Predicate<ServiceHealth> good, String prefix) {
        String bad = services.stream().filter(good.negate()).map(ServiceHealth::name)
                .collect(Collectors.joining(", "));
        ctx.status(bad.isEmpty() ? 200 : 503).contentType("text/plain; charset=utf-8")
                .result(bad.isEmpty() ? "ok\n" : prefix + bad + "\n");
    }
}
