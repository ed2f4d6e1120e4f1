package dev.baton.system;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.wire.service.Settings;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;
import dev.baton.wire.token.Tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Sessions over REST, tokens and CORS, to the letter (contract §0, §1, §4). */
abstract class SessionRestContract {
    private static final String ORIGIN = "https://app.example";

    @Test
    @DisplayName("PROTOCOL 1.9, 1.11: one token opens both forms of the id, but for init, PATCH and close, and .in as well as .out")
    void oneTokenOpensBothForms(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        BatonClient browser = baton.as(chat.created().path("publicAccessToken").textValue());

        for (String form : List.of(chat.chatId(), chat.sessionId())) {
            // When, Then
            browser.get(BatonClient.session(form, "")).expect(200);
            browser.get(BatonClient.session(form, "/runs")).expect(200);
            browser.get(BatonClient.session(form, "/snapshot-url")).expect(200);
            browser.put(BatonClient.session(form, "/snapshot-url")).expect(200);
            browser.get(BatonClient.channel(form, "in", "/records")).expect(200);
            browser.get(BatonClient.channel(form, "out", "/records")).expect(200);
            browser.head(BatonClient.channel(form, "out", "")).expect(200);
            browser.post(BatonClient.channel(form, "in", "/append"), "hello").expect(200);
            browser.post(BatonClient.session(form, "/end-and-continue"),
                    "{\"callingRunId\":\"run_x\",\"reason\":\"x\"}")
                    .expect(404);
            browser.put(BatonClient.channel(form, "in", "")).expect(form.equals(chat.chatId()) ? 202 : 403);
            browser.post(BatonClient.session(form, "/close"), "{}").expect(403);
        }
    }

    @Test
    @DisplayName("PROTOCOL 1.10, 3.11, 6.5: 404 before 403 where something is read, 403 first where something changes; HEAD as GET")
    void readingIsJudgedInAnotherOrderThanChanging(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        BatonClient browser = baton.as(chat.created().path("publicAccessToken").textValue());

        // When, Then
        for (String suffix : List.of("", "/runs", "/snapshot-url")) {
            HttpAnswer answer = browser.get(BatonClient.session("session_none", suffix)).expect(404);
            assertEquals("false", answer.header("x-should-retry").orElse("none"));
            browser.head(BatonClient.session("session_none", suffix)).expect(404);
            baton.as("tr_dev_guess").head(BatonClient.session(chat.chatId(), suffix)).expect(401);
            browser.head(BatonClient.session(chat.chatId(), suffix)).expect(200);
        }
        browser.head(BatonClient.channel("session_none", "out", "")).expect(404);
        browser.put(BatonClient.session("none", "/snapshot-url")).expect(403);
        browser.post(BatonClient.channel("none", "in", "/append"), "hello").expect(403);
        browser.post(BatonClient.session("none", "/close"), "{}").expect(403);
    }

    @Test
    @DisplayName("PROTOCOL 1.12: a public token of a backend whose clock is ahead is good")
    void aTokenMayComeFromTheFuture(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);
        Environment environment = Environments.of(Settings.of(Map.of())).first();
        Tokens ahead = new Tokens(new Environments(List.of(environment)),
                Clock.offset(Clock.systemUTC(), Duration.ofSeconds(30)));
        String token = ahead.mintSessionToken(environment, chat.chatId());

        // When, Then
        baton.as(token).get(chat.sessionPath("")).expect(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"2027 | 2027-01-01T00:00:00.000Z", "2027-02 | 2027-02-01T00:00:00.000Z",
            "Fri Jan 01 2027 01:00:00 GMT+0100 (CET) | 2027-01-01T00:00:00.000Z",
            "+012345-01-01T00:00:00.000Z | +012345-01-01T00:00:00.000Z"})
    @DisplayName("PROTOCOL 2.5, 2.18: expiresAt is what JavaScript reads and prints")
    void expiresAtIsWhatJavaScriptReads(String text, String printed, BatonClient baton) {
        // Given
        String chatId = Chat.newChatId();
        ObjectNode body = Chat.createBody(chatId, null).put("expiresAt", text);

        // When
        Chat chat = Chat.start(baton, chatId, body);

        // Then
        assertEquals(printed, chat.retrieve().path("expiresAt").textValue());
    }

    @Test
    @DisplayName("PROTOCOL 2.16, 2.17: externalIds are trimmed and numbers counted as JavaScript does it")
    void textsAndNumbersAreJavaScripts(BatonClient baton) {
        // Given
        String chatId = Chat.newChatId();
        ObjectNode body = Chat.createBody("\u00a0" + chatId + "\ufeff", null);
        body.withObject("triggerConfig").put("queue", "").put("region", "").put("ttl", 5.0).put("concurrencyKey", 7.0);

        // When
        Chat chat = Chat.start(baton, chatId, body);

        // Then
        assertEquals(chatId, chat.created().path("externalId").textValue());
        assertEquals("7", chat.retrieve().path("triggerConfig").path("concurrencyKey").textValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/sessions", "/api/v1/sessions/user%2F1", "/api/v1/sessions/a/close",
            "/api/v1/sessions/a/end-and-continue", "/api/v1/sessions/a/snapshot-url", "/api/v1/sessions/a/runs",
            "/realtime/v1/sessions/user%2F1/out", "/realtime/v1/sessions/a/in/append",
            "/realtime/v1/sessions/a/out/records"})
    @DisplayName("PROTOCOL 6.3: every session route answers preflights, and its 401 and 405 carry the origin")
    void everySessionRouteIsOpenToBrowsers(String path, BatonClient baton) {
        // Given
        BatonClient stranger = baton.as(null);

        // When
        HttpAnswer preflight = stranger.send("OPTIONS", path, BodyPublishers.noBody(), "Origin", ORIGIN,
                "Access-Control-Request-Headers", "authorization,x-part-id");
        List<HttpAnswer> refused = Stream.of("GET", "POST", "PUT", "PATCH", "DELETE")
                .map(method -> stranger.send(method, path, BodyPublishers.noBody(), "Origin", ORIGIN)).toList();

        // Then
        assertEquals("{}", preflight.expect(200).body());
        assertEquals("authorization,x-part-id", preflight.header("Access-Control-Allow-Headers").orElse("none"));
        refused.forEach(answer -> {
            assertTrue(answer.status() == 401 || answer.status() == 405, answer::toString);
            assertEquals(ORIGIN, answer.header("Access-Control-Allow-Origin").orElse("none"), answer::toString);
        });
    }

    @Test
    @DisplayName("PROTOCOL 6.3: a refusal in front of every route has a body that a browser may see, whatever the method")
    void aRefusalInFrontOfTheRoutesIsSeen(BatonClient baton) {
        // Given
        String path = BatonClient.session("any", "/snapshot-url");

        // When
        HttpAnswer answer = baton.put(path, "Origin", ORIGIN, "X-Long", "x".repeat(9000)).expect(431);

        // Then
        assertTrue(answer.header("Access-Control-Allow-Origin").isPresent(), answer::toString);
        assertTrue(answer.json().has("error"), answer::toString);
    }

    @Test
    @DisplayName("PROTOCOL 6.5, 6.7: slashes at the end and unknown headers change nothing; a path without a route is 404")
    void whatDoesNotMatterIsIgnored(BatonClient baton) {
        // Given
        Chat chat = Chat.startEmpty(baton);

        // When, Then
        baton.get(chat.sessionPath("/"), "x-trigger-branch", "feature/1", "x-trigger-source", "sdk").expect(200);
        baton.get("/realtime/v1/nothing").expect(404);
        assertEquals("DELETE, GET, HEAD, PATCH",
                baton.put(chat.sessionPath("")).expect(405).header("Allow").orElse("none"));
    }

    @Test
    @DisplayName("PROTOCOL 1.1, 6.8: health, metrics and the OpenAPI document need no credential")
    void openRoutesNeedNoCredential(BatonClient baton) {
        // Given
        BatonClient stranger = baton.as(null);

        // When, Then
        List.of("/healthz", "/readyz", "/metrics").forEach(path -> stranger.get(path).expect(200));
        assertTrue(stranger.get("/openapi.json").expect(200).json().path("paths").has("/api/v1/sessions"));
    }
}
