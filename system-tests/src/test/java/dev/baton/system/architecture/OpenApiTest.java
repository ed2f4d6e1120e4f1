package dev.baton.system.architecture;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.Javalin;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.ingress.http.IngressRoutes;
import dev.baton.ingress.http.OpenApiRoutes;
import dev.baton.run.gateway.WorkerRoutes;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The OpenAPI document says what the routes are: those of the ingress and of the worker gateway on its port. */
class OpenApiTest {
    private static final Set<HandlerType> METHODS = Set.of(HandlerType.GET, HandlerType.HEAD, HandlerType.POST,
            HandlerType.PUT, HandlerType.PATCH, HandlerType.DELETE);
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

    private final JsonNode document = WireJson.readTree(new String(OpenApiRoutes.document(), StandardCharsets.UTF_8));

    /** @param method in lower case, as the document writes it */
    private record Operation(String method, String path, JsonNode node) {
        Set<String> statuses() {
            return names(node.path("responses"));
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    @Test
    @DisplayName("every route that is registered is in the document, and no other")
    void theDocumentHasTheRoutesThatAreRegistered() {
        // Given
        Set<String> registered = registered();

        // When
        Set<String> documented = operations().stream().map(Operation::toString)
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertEquals(String.join("\n", registered), String.join("\n", documented));
    }

    @Test
    @DisplayName("path parameters are those of the path, operations have ids of their own, references lead somewhere")
    void theDocumentIsSound() {
        // Given, When
        List<String> ids = operations().stream().map(operation -> operation.node().path("operationId").asText())
                .toList();

        // Then
        assertTrue(document.path("openapi").asText().startsWith("3.1."));
        assertEquals(ids.size(), new HashSet<>(ids).size(), () -> "operationId twice: " + ids);
        for (Operation operation : operations()) {
            assertEquals(parametersOf(operation.path()), documentedParameters(operation), operation::toString);
            operation.node().path("responses").forEach(
                    answer -> assertTrue(resolved(answer).hasNonNull("description"), operation::toString));
        }
        document.findValuesAsText("$ref").forEach(this::target);
    }

    @Test
    @DisplayName("contract §0.5 to §0.7: the statuses that follow from what a route is are documented")
    void theCommonStatusesAreDocumented() {
        for (Operation operation : operations()) {
            // Given
            Set<String> expected = commonStatuses(operation);

            // When
            expected.removeAll(operation.statuses());

            // Then
            assertEquals(Set.of(), expected, () -> "missing at " + operation);
        }
    }

    private static Set<String> commonStatuses(Operation operation) {
        String path = operation.path();
        boolean open = operation.node().path("security").isArray() && operation.node().path("security").isEmpty();
        boolean limited = path.endsWith("/append")
                || path.startsWith("/api/") && !path.contains("/workers/") && !path.contains("/attempts/")
                        && !path.equals("/api/v1/auth/jwt/claims");
        boolean takesBody = operation.node().has("requestBody");
        Set<String> statuses = new TreeSet<>();
        statuses.addAll(open ? Set.of() : Set.of("401"));
        statuses.addAll(limited ? Set.of("429") : Set.of());
        statuses.addAll(takesBody ? Set.of("400", "408", "413") : Set.of());
        statuses.addAll(path.contains("{session}") || path.contains("{waitpoint}") ? Set.of("403", "404") : Set.of());
        return statuses;
    }

    /** HEAD goes without saying wherever there is a GET, unless it is a route of its own. */
    private Set<String> registered() {
        List<Endpoint> endpoints = Javalin.create(config -> {
            IngressRoutes.all(null, null, null, null, null, null, null, null, null, null, null, List.of(), null)
                    .forEach(group -> group.register(config.routes));
            new WorkerRoutes(null, null, Duration.ZERO).accept(config);
        }).unsafe.internalRouter.allHttpHandlers().stream().map(parsed -> parsed.endpoint)
                .filter(endpoint -> METHODS.contains(endpoint.method)).toList();
        Set<String> routes = endpoints.stream().map(endpoint -> name(endpoint.method, endpoint.path))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> documented = operations().stream().map(Operation::toString).collect(Collectors.toSet());
        routes.removeIf(route -> route.startsWith("head ") && routes.contains(route.replaceFirst("head", "get"))
                && !documented.contains(route));
        return routes;
    }

    private static String name(HandlerType method, String path) {
        return method.name().toLowerCase(Locale.ROOT) + " " + path;
    }

    private List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            path.getValue().properties()
                    .forEach(
                            method -> operations.add(new Operation(method.getKey(), path.getKey(), method.getValue())));
        }
        return operations;
    }

    private static Set<String> parametersOf(String path) {
        return PARAMETER.matcher(path).results().map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> documentedParameters(Operation operation) {
        Set<String> names = new TreeSet<>();
        for (JsonNode parameter : operation.node().path("parameters")) {
            JsonNode resolved = resolved(parameter);
            if (resolved.path("in").asText().equals("path")) {
                assertTrue(resolved.path("required").asBoolean(), operation::toString);
                names.add(resolved.path("name").asText());
            }
        }
        return names;
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? target(node.path("$ref").asText()) : node;
    }

    private JsonNode target(String reference) {
        Matcher local = Pattern.compile("#(/.+)").matcher(reference);
        assertTrue(local.matches(), reference);
        JsonNode target = document.at(local.group(1));
        assertTrue(!target.isMissingNode(), () -> reference + " leads nowhere");
        return target;
    }

    private static Set<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }
}
