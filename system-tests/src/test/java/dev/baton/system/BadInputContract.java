package dev.baton.system;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.token.Environments;
import dev.baton.wire.token.Tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What clients must not send, and what they are told (issue 2 "Bad input"; contract §0.5, §0.6, §1, §2). */
abstract class BadInputContract {
    private static final String CREATE = "/api/v1/sessions";
    private static final String UNKNOWN_ID = "session_c000000000000000000000000";

    private static Arguments broken(String what, Consumer<ObjectNode> change) {
        return Arguments.of(what, change);
    }

    private static ObjectNode config(ObjectNode body) {
        return (ObjectNode) body.path("triggerConfig");
    }

    private static ArrayNode texts(int count, int length) {
        ArrayNode array = WireJson.MAPPER.createArrayNode();
        for (int i = 0; i < count; i++) {
            array.add("x".repeat(length));
        }
        return array;
    }

    static Stream<Arguments> brokenCreates() {
        return Stream.of(broken("no type", body -> body.remove("type")),
                broken("an empty type", body -> body.put("type", "")),
                broken("a type of 65", body -> body.put("type", "x".repeat(65))),
                broken("a type that is a number", body -> body.put("type", 7)),
                broken("no task", body -> body.remove("taskIdentifier")),
                broken("a task of 129", body -> body.put("taskIdentifier", "x".repeat(129))),
                broken("a blank externalId", body -> body.put("externalId", "  ")),
                broken("an externalId of 257", body -> body.put("externalId", "x".repeat(257))),
                broken("no triggerConfig", body -> body.remove("triggerConfig")),
                broken("no basePayload", body -> config(body).remove("basePayload")),
                broken("a basePayload that is text", body -> config(body).put("basePayload", "x")),
                broken("11 tags", body -> body.set("tags", texts(11, 3))),
                broken("a tag of 129", body -> body.set("tags", texts(1, 129))),
                broken("tags that are text", body -> body.put("tags", "x")),
                broken("metadata that is a list", body -> body.putArray("metadata")),
                broken("an expiresAt that is no date", body -> body.put("expiresAt", "soon")),
                broken("an idle timeout of 0", body -> config(body).put("idleTimeoutInSeconds", 0)),
                broken("an idle timeout of 3601", body -> config(body).put("idleTimeoutInSeconds", 3601)),
                broken("an idle timeout that is text", body -> config(body).put("idleTimeoutInSeconds", "9")),
                broken("a maxAttempts of 11", body -> config(body).put("maxAttempts", 11)),
                broken("a maxDuration of 0", body -> config(body).put("maxDuration", 0)),
                broken("an unknown machine", body -> config(body).put("machine", "huge")),
                broken("a queue of 129", body -> config(body).put("queue", "x".repeat(129))),
                broken("11 run tags", body -> config(body).set("tags", texts(11, 3))));
    }

    /** PROTOCOL 2.1, 2.17. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenCreates")
    @DisplayName("contract §1.2: a create with a field out of bounds is 400 and says why")
    void aBrokenCreateIsRefused(String what, Consumer<ObjectNode> change, BatonClient baton) {
        // Given
        String chatId = Chat.newChatId();
        ObjectNode body = Chat.createBody(chatId, null);
        change.accept(body);

        // When
        HttpAnswer answer = baton.post(CREATE, body.toString());

        // Then
        assertEquals(400, answer.status(), what + ": " + answer);
        assertPlain(answer);
        assertFalse(answer.json().path("error").asText().isBlank(), answer.toString());
        baton.get(BatonClient.session(chatId, "")).expect(404);
    }

    /** PROTOCOL 2.16. */
    @Test
    @DisplayName("contract §1.2: reserved and ambiguous externalIds are refused")
    void reservedExternalIdsAreRefused(BatonClient baton) {
        for (String ambiguous : List.of("a:channels:b", "chat:in", "chat:out")) {
            // When
            HttpAnswer answer = baton.post(CREATE, Chat.createBody(ambiguous, null).toString());

            // Then
            assertEquals(422, answer.status(), answer.toString());
            assertTrue(answer.json().path("error").asText()
                    .startsWith("externalId cannot contain \":channels:\" or end in \":out\" or \":in\""));
        }
        HttpAnswer reserved = baton.post(CREATE, Chat.createBody("session_mine", null).toString());
        assertEquals(400, reserved.status(), reserved.toString());
        assertTrue(reserved.json().path("error").asText().contains(
                "externalId cannot start with 'session_' (reserved prefix for internal friendlyIds)"),
                reserved.toString());
    }

    /** PROTOCOL 6.1. */
    @Test
    @DisplayName("contract §0.5: bodies that are empty, no JSON, no object or too large")
    void bodiesThatAreNoRequestAreRefused(BatonClient baton) {
        assertAnswer(400, "{\"error\":\"Request body is empty\"}", baton.post(CREATE, ""));
        assertAnswer(400, "{\"error\":\"Invalid JSON\"}", baton.post(CREATE, "{\"type\":"));
        assertAnswer(400, "{\"error\":\"Invalid JSON\"}", baton.post(CREATE, "{} {}"));
        assertEquals(400, baton.post(CREATE, "[]").status());
        assertEquals(400, baton.post(CREATE, "null").status());
        String large = Chat.createBody(Chat.newChatId(), "x".repeat(32_768)).toString();
        assertAnswer(413, "{\"error\":\"Request body too large\"}", baton.post(CREATE, large));
        String small = Chat.createBody(Chat.newChatId(), null).toString();
        assertAnswer(413, "{\"error\":\"Request body too large\"}", baton.postChunked(CREATE, small));
    }

    /** PROTOCOL 2.5. */
    @Test
    @DisplayName("contract §1.4–§1.8: a session that does not exist")
    void anUnknownSessionIsNotFound(BatonClient baton) {
        for (String nobody : List.of(UNKNOWN_ID, Chat.newChatId())) {
            HttpAnswer retrieve = baton.get(BatonClient.session(nobody, ""));
            assertAnswer(404, "{\"error\":\"Not found\"}", retrieve);
            assertEquals("false", retrieve.header("x-should-retry").orElseThrow());
            assertNotFound(baton.get(BatonClient.session(nobody, "/runs")));
            assertNotFound(baton.get(BatonClient.session(nobody, "/snapshot-url")));
            assertNotFound(baton.put(BatonClient.session(nobody, "/snapshot-url")));
            assertNotFound(baton.post(BatonClient.session(nobody, "/close"), "{}"));
            assertNotFound(baton.post(BatonClient.session(nobody, "/end-and-continue"),
                    "{\"callingRunId\":\"run_0000000000000000000000000\",\"reason\":\"upgrade\"}"));
            assertAnswer(404, "{\"error\":\"Resource not found\"}",
                    baton.post(BatonClient.channel(nobody, "in", "/append"), "{}"));
        }
        assertNotFound(baton.get(BatonClient.channel(UNKNOWN_ID, "out", "")));
        assertNotFound(baton.get(BatonClient.channel(UNKNOWN_ID, "out", "/records")));
        assertAnswer(404, "Session not found", baton.put(BatonClient.channel(UNKNOWN_ID, "out", "")));
    }

    /** PROTOCOL 1.1, 1.2, 1.5. */
    @Test
    @DisplayName("contract §0.6: missing, wrong and foreign credentials")
    void wrongCredentialsAreRefused(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        String retrieve = chat.sessionPath("");
        String out = chat.channelPath("out", "/records");

        // When, Then
        HttpAnswer missing = baton.as(null).get(retrieve);
        assertEquals(401, missing.status(), missing.toString());
        assertTrue(missing.header("Content-Type").orElse("").startsWith("application/problem+json"));
        assertEquals("No authorization header provided", missing.json().path("error").asText());
        assertAnswer(401, "{\"error\":\"Invalid or Missing API key\"}", baton.as(null).get(out));
        assertAnswer(401, "{\"error\":\"Invalid API key\"}", baton.as("tr_dev_wrong").get(retrieve));
        assertAnswer(401, "{\"error\":\"Invalid API key\"}", baton.as("a.b.c").get(retrieve));
        HttpAnswer garbage = baton.as("tr_pub_invalid_not_a_real_token").get(out);
        assertTrue(Set.of(401, 403).contains(garbage.status()), "upstream E12: " + garbage);
        assertAnswer(401, "{\"error\":\"Public Access Token is invalid\"}",
                baton.as(token("another-secret-key", "env_dev", "read:sessions")).get(out));
        assertAnswer(401, "{\"error\":\"Invalid Public Access Token\"}",
                baton.as(token(BatonClient.SECRET_KEY, "env_other", "read:sessions")).get(out));
    }

    /** PROTOCOL 1.3, 1.5, 2.6. */
    @Test
    @DisplayName("contract §0.5, §4.3: a token may do what its scopes say and nothing else")
    void scopesAreKept(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        BatonClient browser = baton.as(chat.created().path("publicAccessToken").asText());
        BatonClient stranger = baton.as(token(BatonClient.SECRET_KEY, "env_dev", "read:sessions:another-chat"));

        // When, Then
        browser.get(chat.sessionPath("")).expect(200);
        browser.get(BatonClient.channel(chat.sessionId(), "out", "/records")).expect(200);
        browser.post(chat.channelPath("in", "/append"), Chat.messageBody(chat.chatId(), "hello")).expect(200);
        String unauthorized = "{\"error\":\"Unauthorized\",\"code\":\"unauthorized\",\"param\":\"access_token\","
                + "\"type\":\"authorization\"}";
        assertAnswer(403, unauthorized, browser.post(chat.sessionPath("/close"), "{}"));
        assertAnswer(403, unauthorized, stranger.get(chat.sessionPath("")));
        assertAnswer(403, unauthorized, stranger.get(chat.channelPath("out", "/records")));
        assertAnswer(403, unauthorized, stranger.post(chat.channelPath("in", "/append"), "{}"));
        assertEquals(403, browser.post(CREATE, Chat.createBody(Chat.newChatId(), null).toString()).status());
        assertAnswer(403,
                "{\"ok\":false,\"error\":\"Appending to the out channel requires secret key authentication\"}",
                browser.post(chat.channelPath("out", "/append"), "x"));
        assertAnswer(403, "Initializing the out channel requires secret key authentication",
                browser.put(chat.channelPath("out", "")));
        assertEquals(401, browser.post("/api/v1/workers/dequeue", "{}").status());
        assertEquals(1, chat.recordsNow("in").size());
    }

    static Stream<Arguments> badTimeouts() {
        return Stream.of(Arguments.of("soon", "Invalid timeout seconds"),
                Arguments.of("0", "Timeout seconds must be greater than 0"),
                Arguments.of("-1", "Timeout seconds must be greater than 0"),
                Arguments.of("601", "Timeout seconds must be less than 600"));
    }

    /** PROTOCOL 3.7. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("badTimeouts")
    @DisplayName("contract §2.2: a bad Timeout-Seconds is 400 with its text")
    void aBadTimeoutIsRefused(String seconds, String text, BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When
        HttpAnswer answer = baton.get(chat.channelPath("out", ""), "Timeout-Seconds", seconds);

        // Then
        assertAnswer(400, text, answer);
    }

    /** PROTOCOL 3.10. */
    @Test
    @DisplayName("contract §2.7: a bad cursor of the records endpoint is a Query Error")
    void aBadCursorIsAQueryError(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        for (String cursor : List.of("latest", "-1", "1.5", "12a")) {
            // When
            HttpAnswer answer = baton.get(chat.channelPath("out", "/records?afterEventId=" + cursor));

            // Then
            assertEquals(400, answer.status(), answer.toString());
            assertEquals("Query Error", answer.json().path("error").asText(), answer.toString());
            assertPlain(answer);
        }
    }

    @Test
    @DisplayName("contract §2: a channel is called in or out, exactly")
    void anotherChannelNameIsAParamsError(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        for (String name : List.of("sideways", "OUT")) {
            // When
            HttpAnswer answer = baton.get(chat.channelPath(name, "/records"));

            // Then
            assertEquals(400, answer.status(), answer.toString());
            assertEquals("Params Error", answer.json().path("error").asText(), answer.toString());
        }
    }

    /** PROTOCOL 3.1, 6.3. */
    @Test
    @DisplayName("contract §2.5, upstream E8: appends that are too large, with the CORS headers")
    void anOversizeAppendIsRefused(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        String append = chat.channelPath("in", "/append");

        // When
        HttpAnswer large = baton.post(append, "x".repeat(2 * 1_048_576), "Origin", "https://app.example");
        HttpAnswer wrapped = baton.post(append, "\"".repeat(600_000));
        HttpAnswer chunked = baton.postChunked(append, "hello");

        // Then
        assertAnswer(413, "{\"error\":\"Request body too large\"}", large);
        assertEquals("https://app.example", large.header("Access-Control-Allow-Origin").orElseThrow());
        assertEquals(413, wrapped.status(), wrapped.toString());
        assertTrue(wrapped.json().path("error").asText().matches("Record metered size 12000\\d\\d bytes exceeds the S2 "
                + "per-record limit of 1048576 bytes. Reduce tool-output size or split into smaller parts."),
                wrapped.toString());
        assertAnswer(413, "{\"error\":\"Request body too large\"}", chunked);
        assertEquals(0, chat.recordsNow("in").size());
        assertEquals(0, chat.append("and the session is well"));
    }

    @Test
    @DisplayName("contract §1.6, §1.7, §7.7: close and end-and-continue check their small bodies")
    void smallBodiesAreChecked(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        JsonNode before = chat.retrieve();
        String close = chat.sessionPath("/close");
        String swap = chat.sessionPath("/end-and-continue");
        String run = chat.firstRunId();

        // When, Then
        assertEquals(400, chat.close("x".repeat(257)).status());
        assertAnswer(413, "{\"error\":\"Request body too large\"}", chat.close("x".repeat(1_024)));
        assertAnswer(400, "{\"error\":\"Invalid JSON\"}", baton.post(close, "{"));
        assertAnswer(400, "{\"error\":\"Invalid JSON\"}", baton.post(swap, "{"));
        assertAnswer(400, "{\"error\":\"Request body is empty\"}", baton.post(swap, ""));
        assertEquals(400, baton.post(swap, "{\"reason\":\"upgrade\"}").status());
        assertEquals(400, baton.post(swap, "{\"callingRunId\":\"" + run + "\"}").status());
        assertEquals(400, baton.post(swap,
                "{\"callingRunId\":\"" + run + "\",\"reason\":\"" + "x".repeat(65) + "\"}").status());
        assertEquals(before, chat.retrieve());
        assertEquals(1, chat.runs().size());
    }

    /** PROTOCOL 6.5. */
    @Test
    @DisplayName("contract §0.5: a wrong method on an action route is 405 and names the right one")
    void aWrongMethodIsNotAllowed(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        for (String path : List.of(chat.channelPath("in", "/append"), chat.sessionPath("/close"),
                chat.sessionPath("/end-and-continue"))) {
            // When
            HttpAnswer answer = baton.get(path);

            // Then
            assertAnswer(405, "{\"error\":\"Method not allowed\"}", answer);
            assertTrue(answer.header("Allow").orElse("").contains("POST"), answer.toString());
        }
    }

    /** PROTOCOL 2.19. */
    @Test
    @DisplayName("contract §0.3: an empty body under a JSON content type is no error where none is needed")
    void anEmptyBodyIsFineWhereNoneIsNeeded(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When, Then
        baton.put(chat.channelPath("out", "")).expect(202);
        baton.put(chat.sessionPath("/snapshot-url")).expect(200);
        baton.post("/api/v1/auth/jwt/claims", "").expect(200);
    }

    private static String token(String secretKey, String environmentId, String scope) {
        Settings settings = Settings.of(Map.of(Setting.SECRET_KEY.key(), secretKey, Setting.ENVIRONMENT_ID.key(),
                environmentId));
        Environments environments = Environments.of(settings);
        return new Tokens(environments, Clock.systemUTC()).mintPublicToken(
                environments.byId(environmentId).orElseThrow(), List.of(scope), Duration.ofMinutes(5));
    }

    private static void assertNotFound(HttpAnswer answer) {
        assertEquals(404, answer.status(), answer.toString());
        assertPlain(answer);
    }

    private static void assertAnswer(int status, String body, HttpAnswer answer) {
        assertEquals(status + " " + body, answer.status() + " " + answer.body(), answer.toString());
    }

    /** No stack trace and no class names. */
    private static void assertPlain(HttpAnswer answer) {
        assertFalse(answer.body().contains("Exception") || answer.body().contains("\tat ")
                || answer.body().contains("dev.baton"), answer.toString());
    }
}
