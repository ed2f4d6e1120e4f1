package dev.baton.ingress.http;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.ingress.Rows;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionRunRow;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;
import dev.baton.wire.token.Tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Lists over HTTP: parameters, cursors, scopes (contract §1.3, §1.10, §4.3; features #33, #34). */
class SessionListRoutesTest {
    private static final Environment DEV = new Environment("env_dev", "dev", "proj", List.of("tr_dev_key"));
    private static final Environment PROD = new Environment("env_prod", "prod", "proj", List.of("tr_prod_key"));
    private static final String KEY = "tr_dev_key";
    private static final Instant NOW = Instant.ofEpochMilli(Duration.ofDays(2).toMillis());

    private final HttpClient http = HttpClient.newHttpClient();
    private final Tokens tokens = new Tokens(new Environments(List.of(DEV, PROD)), Clock.systemUTC());
    private final FakeSessions sessions = new FakeSessions();
    private IngressServer server;

    @BeforeEach
    void start() {
        Authenticator authenticator = new Authenticator(tokens, new RateLimits(0, 1, Clock.systemUTC()));
        server = IngressServer.start("127.0.0.1", 0, ConnectionLimits.of(Settings.of(Map.of())),
                List.of(new SessionListRoutes(authenticator, sessions, Clock.fixed(NOW, ZoneOffset.UTC)),
                        new RunsOfSessionRoutes(authenticator, sessions, sessions.runs())),
                List.of());
        sessions.learn(Rows.numbered(1, "env_dev", "echo", "a"));
        sessions.learn(Rows.numbered(2, "env_dev", "other", "a", "b"));
        sessions.learn(Rows.ending(Rows.numbered(3, "env_dev", "echo"), 5L, null, "b"));
        sessions.learn(Rows.ending(Rows.numbered(4, "env_dev", "echo"), null, 5L));
        sessions.learn(Rows.numbered(5, "env_prod", "echo", "a"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** PROTOCOL 2.11. */
    @Test
    void itemsCarryEverythingButTheTriggerConfiguration() throws Exception {
        // Given, When
        HttpResponse<String> response = get("/api/v1/sessions", KEY);

        // Then
        assertEquals(200, response.statusCode(), response.body());
        JsonNode item = WireJson.readTree(response.body()).path("data").path(3);
        assertEquals("{\"id\":\"session_c000000000000000000000001\",\"externalId\":\"chat-1\",\"type\":\"chat.agent\","
                + "\"taskIdentifier\":\"echo\",\"currentRunId\":\"run_1\",\"tags\":[\"a\"],\"metadata\":null,"
                + "\"closedAt\":null,\"closedReason\":null,\"expiresAt\":null,"
                + "\"createdAt\":\"1970-01-01T00:00:00.001Z\",\"updatedAt\":\"1970-01-01T00:00:00.001Z\"}",
                item.toString());
        assertEquals("{}", WireJson.readTree(response.body()).path("pagination").toString());
    }

    /** PROTOCOL 2.13, 2.14. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", value = {"'' | 4 3 2 1", "filter[tags]=a | 2 1",
            "filter[tags]=a,b | 3 2 1", "filter[tags]=a&filter[tags]=b | 3 2 1", "filter[taskIdentifier]=other | 2",
            "filter[taskIdentifier]=other,echo&filter[tags]=a | 2 1", "filter[type]=chat.agent | 4 3 2 1",
            "filter[type]=raw | none", "filter[status]=ACTIVE | 2 1", "filter[status]=CLOSED,EXPIRED | 4 3",
            "filter[status]=CLOSED&filter[status]=ACTIVE | 3 2 1", "filter[externalId]=chat-2 | 2",
            "filter[externalId]=chat-5 | none", "filter[createdAt][from]=3 | 4 3",
            "filter[createdAt][from]=2&filter[createdAt][to]=3 | 3 2", "filter[createdAt][to]=1 | 1",
            "filter[createdAt][period]=2d | 4 3 2 1", "filter[createdAt][period]=12h | none",
            "filter[createdAt][period]=2d&filter[createdAt][from]=4 | 4", "filter[tags]= | 4 3 2 1"})
    void filtersTakeRepeatedAndJoinedValues(String query, String numbers) throws Exception {
        // Given, When
        HttpResponse<String> response = get("/api/v1/sessions?" + encoded(query), KEY);

        // Then
        assertEquals(numbers == null ? "" : numbers, numbers(response));
    }

    /** PROTOCOL 2.12, 2.13. */
    @ParameterizedTest
    @ValueSource(strings = {"page[size]=0", "page[size]=101", "page[size]=x", "page[size]=-1", "page[size]=1.5",
            "filter[status]=active", "filter[status]=ACTIVE,NONE", "filter[createdAt][from]=yesterday",
            "filter[createdAt][to]=1.5", "filter[createdAt][period]=1y", "filter[createdAt][period]=d",
            "page[after]=MTpzZXNzaW9uX2M&page[before]=MTpzZXNzaW9uX2M", "page[after]=nonsense", "page[before]=*",
            "page[after]=a&page[after]=b"})
    void aParameterThatDoesNotFitIsAQueryError(String query) throws Exception {
        // Given, When
        HttpResponse<String> response = get("/api/v1/sessions?" + encoded(query), KEY);

        // Then: contract §0.5
        assertEquals(400, response.statusCode(), response.body());
        assertTrue(response.body().startsWith("{\"error\":\"Query Error\",\"details\":"), response.body());
    }

    @Test
    void aQueryThatCannotBeDecodedIsAQueryError() throws Exception {
        // Given
        String line = "GET /api/v1/sessions?filter%5Btags%5D=%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                + "Authorization: Bearer " + KEY + "\r\n\r\n";

        // When
        String answer;
        try (var socket = new java.net.Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
            answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }

        // Then
        assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
    }

    /** PROTOCOL 2.12. */
    @Test
    void cursorsLeadThroughTheListAndBack() throws Exception {
        // Given
        HttpResponse<String> first = get("/api/v1/sessions?" + encoded("page[size]=2"), KEY);

        // When
        HttpResponse<String> second = get(
                "/api/v1/sessions?" + encoded("page[size]=2&page[after]=" + cursor(first, "next")), KEY);
        HttpResponse<String> back = get(
                "/api/v1/sessions?" + encoded("page[size]=2&page[before]=" + cursor(second, "previous")), KEY);

        // Then
        assertEquals("4 3", numbers(first));
        assertEquals("", cursor(first, "previous"));
        assertEquals("2 1", numbers(second));
        assertEquals("", cursor(second, "next"));
        assertEquals("4 3", numbers(back));
        assertEquals("", cursor(back, "previous"));
        assertEquals(cursor(first, "next"), cursor(back, "next"));
    }

    /** PROTOCOL 2.12. */
    @Test
    void aPageHasTwentyRowsUnlessAnotherSizeIsAskedFor() throws Exception {
        // Given
        IntStream.range(10, 130).forEach(number -> sessions.learn(Rows.numbered(number, "env_dev", "echo")));

        // When, Then
        assertEquals(20, numbers(get("/api/v1/sessions", KEY)).split(" ").length);
        assertEquals(100, numbers(get("/api/v1/sessions?" + encoded("page[size]=100"), KEY)).split(" ").length);
    }

    /** PROTOCOL 2.15. */
    @ParameterizedTest
    @CsvSource({"read:sessions,,200", "read:tasks,,200", "read:all,,200", "admin,,200", "*:all,,200",
            "read:tasks:echo,,403", "read:sessions:chat-1,,403", "write:sessions,,403", "read:runs,,403",
            "read:tasks:echo,echo,200", "read:tasks:echo,'echo,other',403",
            "read:tasks:echo read:tasks:other,'echo,other',200", "read:tasks:other,echo,403",
            "read:sessions,echo,200", "read:tasks,echo,200", "read:sessions:echo,echo,403"})
    void aListNeedsAGrantOnAllSessionsOrOnEveryTaskItNames(String scopes, String tasks, int status) throws Exception {
        // Given
        String token = tokens.mintPublicToken(DEV, List.of(scopes.split(" ")), Duration.ofMinutes(1));
        String query = tasks == null ? "" : "?" + encoded("filter[taskIdentifier]=" + tasks);

        // When
        HttpResponse<String> response = get("/api/v1/sessions" + query, token);

        // Then: contract §4.3
        assertEquals(status, response.statusCode(), response.body());
    }

    /** PROTOCOL 1.8. */
    @Test
    void everyKeySeesItsOwnEnvironmentOnly() throws Exception {
        // Given, When
        HttpResponse<String> prod = get("/api/v1/sessions", "tr_prod_key");
        HttpResponse<String> foreign = get("/api/v1/sessions",
                tokens.mintPublicToken(PROD, List.of("read:sessions"), Duration.ofMinutes(1)));

        // Then
        assertEquals("5", numbers(prod));
        assertEquals("5", numbers(foreign));
    }

    @Test
    void anAnswerToABrowserCarriesCorsHeadersAlsoWhenItIsRefused() throws Exception {
        // Given, When
        HttpResponse<String> refused = get("/api/v1/sessions", "wrong");

        // Then
        assertEquals(401, refused.statusCode());
        assertEquals("https://app.test", refused.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
    }

    /** PROTOCOL 2.10. */
    @Test
    void runsArePagedLikeSessions() throws Exception {
        // Given
        IntStream.rangeClosed(1, 5).forEach(generation -> sessions.learnRun(run(generation)));
        String path = "/api/v1/sessions/chat-1/runs?";

        // When
        HttpResponse<String> first = get(path + encoded("page[size]=2"), KEY);
        HttpResponse<String> second = get(path + encoded("page[size]=2&page[after]=" + cursor(first, "next")), KEY);
        HttpResponse<String> third = get(path + encoded("page[size]=2&page[after]=" + cursor(second, "next")), KEY);
        HttpResponse<String> back = get(path + encoded("page[size]=2&page[before]=" + cursor(third, "previous")), KEY);
        HttpResponse<String> both = get(path + encoded("page[after]=MQ&page[before]=MQ"), KEY);

        // Then
        assertEquals(List.of(5, 4), generations(first));
        assertEquals(List.of(3, 2), generations(second));
        assertEquals(List.of(1), generations(third));
        assertEquals("", cursor(third, "next"));
        assertEquals(second.body(), back.body());
        assertEquals(400, both.statusCode());
    }

    @Test
    void runsNeedNoCursorUnlessThereAreManyOfThem() throws Exception {
        // Given
        IntStream.rangeClosed(1, 100).forEach(generation -> sessions.learnRun(run(generation)));

        // When
        HttpResponse<String> response = get("/api/v1/sessions/chat-1/runs", KEY);

        // Then
        assertEquals(100, generations(response).size());
        assertFalse(response.body().contains("next"));
    }

    private static SessionRunRow run(int generation) {
        return new SessionRunRow(SessionRunRow.FORMAT, "env_dev", "session_c000000000000000000000001", "chat-1",
                "run_" + generation, "echo", RunReason.CONTINUATION, generation, null, null, null, 1, 0, null, null,
                null, null, 0);
    }

    private HttpResponse<String> get(String path, String bearer) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Authorization", "Bearer " + bearer).header("Origin", "https://app.test")
                .timeout(Duration.ofSeconds(20)).build();
        return http.send(request, BodyHandlers.ofString());
    }

    /** Brackets and commas escaped, as {@code URLSearchParams} does it. */
    private static String encoded(String query) {
        return Arrays.stream(query.split("&"))
                .map(pair -> Arrays.stream(pair.split("=", 2))
                        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8)).collect(Collectors.joining("=")))
                .collect(Collectors.joining("&"));
    }

    /** The sessions of a page by the number in their externalIds. */
    private static String numbers(HttpResponse<String> response) {
        List<String> numbers = new ArrayList<>();
        WireJson.readTree(response.body()).path("data")
                .forEach(item -> numbers.add(item.path("externalId").asText().substring("chat-".length())));
        return String.join(" ", numbers);
    }

    private static List<Integer> generations(HttpResponse<String> response) {
        List<Integer> generations = new ArrayList<>();
        WireJson.readTree(response.body()).path("data").forEach(run -> generations.add(run.path("generation").asInt()));
        return generations;
    }

    private static String cursor(HttpResponse<String> response, String name) {
        return WireJson.readTree(response.body()).path("pagination").path(name).asText("");
    }
}
