package dev.baton.system.fuzz;

import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.javalin.Javalin;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.ingress.http.IngressRoutes;
import dev.baton.ingress.http.IngressServer;
import dev.baton.ingress.http.RateLimits;
import dev.baton.run.gateway.WorkerRoutes;
import dev.baton.wire.service.Settings;
import dev.baton.wire.token.Environments;
import dev.baton.wire.token.Tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The fuzzer and the server know the same routes. */
class RouteListTest {
    private static final Set<String> REQUESTS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    @Test
    @DisplayName("issue, The whole wire: whoever adds a route adds it to the fuzzed ones")
    void everyRouteOfTheServerIsFuzzed() {
        // Given
        Tokens tokens = new Tokens(Environments.of(Settings.of(Map.of())), Clock.systemUTC());
        Javalin server = Javalin.create(config -> {
            IngressServer.register(config.routes, IngressRoutes.all(tokens, new RateLimits(0, 1, Clock.systemUTC()),
                    null, null, null, null, null, null, null, null, () -> "", List.of(), () -> ""));
            new WorkerRoutes(null, tokens, Duration.ZERO).accept(config);
        });

        // When
        Set<String> served = server.unsafe.internalRouter.allHttpHandlers().stream()
                .filter(each -> REQUESTS.contains(each.endpoint.method.name()))
                .map(each -> each.endpoint.method.name() + " " + each.endpoint.path)
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> probed = Set.of("HEAD " + FuzzedRoute.PROBE.template(),
                "HEAD " + FuzzedRoute.SIDE_PROBE.template());
        // HEAD goes without saying wherever there is a GET, unless it is a route of its own.
        served.removeIf(route -> route.startsWith("HEAD ") && !probed.contains(route));

        // Then
        Set<String> fuzzed = Arrays.stream(FuzzedRoute.values()).map(route -> route.method() + " " + route.template())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(served, fuzzed);
    }
}
