package dev.baton.ingress.http;

import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.SessionCommand.CreateSession;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** contract §1.1, §1.2. */
class CreateSessionFormTest {
    private static final String MINIMAL = """
            {"type":"chat.agent","taskIdentifier":"echo","triggerConfig":{"basePayload":{}}}""";

    @Test
    void theSmallestBodyIsEnough() {
        // Given, When
        CreateSession create = read(MINIMAL);

        // Then
        assertEquals("session_new", create.sessionId());
        assertNull(create.externalId());
        assertNull(create.tags());
        assertEquals("{}", create.triggerConfig().basePayload().text());
    }

    @Test
    void everyFieldIsTaken() {
        // Given
        String body = """
                {"type":"t","externalId":"  user/1 ","taskIdentifier":"echo","tags":["a"],"metadata":{"m":1},
                 "expiresAt":"2030-01-01T00:00:00.000Z",
                 "triggerConfig":{"basePayload":{"x":1},"machine":"micro","queue":"q","tags":["b"],"maxAttempts":3,
                  "maxDuration":60,"lockToVersion":"v1","region":"eu","idleTimeoutInSeconds":30,"concurrency":["l-1"],
                  "concurrencyKey":7,"externalDeploymentId":"  ","ttl":"1h"}}""";

        // When
        CreateSession create = read(body);

        // Then
        assertEquals("user/1", create.externalId());
        assertEquals(List.of("a"), create.tags());
        assertEquals(1_893_456_000_000L, create.expiresAt());
        assertEquals("7", create.triggerConfig().concurrencyKey());
        assertNull(create.triggerConfig().externalDeploymentId());
        assertEquals("\"1h\"", create.triggerConfig().ttl().text());
        assertEquals(30, create.triggerConfig().idleTimeoutInSeconds());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"type\":\"\"}", "{\"type\":7}", "{\"taskIdentifier\":\"\"}",
            "{\"triggerConfig\":null}", "{\"triggerConfig\":[]}", "{\"externalId\":\"session_x\"}",
            "{\"externalId\":\" \"}", "{\"externalId\":{}}", "{\"tags\":\"a\"}", "{\"tags\":[1]}",
            "{\"tags\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]}", "{\"metadata\":[]}",
            "{\"expiresAt\":\"soon\"}", "{\"expiresAt\":true}"})
    void aFieldThatDoesNotFitIsA400(String change) {
        // Given: a good body with these fields replaced; "{}" stands for a body without any
        ObjectNode good = change.equals("{}") ? object("{}") : object(MINIMAL);
        good.setAll(object(change));

        // When
        HttpFailure failure = assertThrows(HttpFailure.class, () -> CreateSessionForm.read(good, "session_new"));

        // Then
        assertEquals(400, failure.status(), failure.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"basePayload\":null}", "{\"basePayload\":[]}", "{\"machine\":\"huge\"}",
            "{\"tags\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]}", "{\"maxAttempts\":0}",
            "{\"maxAttempts\":11}", "{\"maxAttempts\":1.5}", "{\"maxDuration\":0}", "{\"idleTimeoutInSeconds\":0}",
            "{\"idleTimeoutInSeconds\":3601}", "{\"idleTimeoutInSeconds\":\"30\"}", "{\"concurrency\":[\"a b\"]}",
            "{\"concurrency\":[\"a\",\"b\",\"c\"]}", "{\"concurrencyKey\":{}}", "{\"ttl\":-1}", "{\"ttl\":1.5}",
            "{\"queue\":7}"})
    void aTriggerConfigThatDoesNotFitIsA400(String change) {
        // Given
        ObjectNode body = object(MINIMAL);
        ((ObjectNode) body.get("triggerConfig")).setAll(object(change));

        // When
        HttpFailure failure = assertThrows(HttpFailure.class, () -> CreateSessionForm.read(body, "session_new"));

        // Then
        assertEquals(400, failure.status());
        assertTrue(failure.body().contains("triggerConfig."), failure.body());
    }

    @ParameterizedTest
    @CsvSource({"a:channels:b,422", "chat:in,422", "chat:out,422", "chat:inn,200", "in,200"})
    void anExternalIdWithTheDelimitersOfScopesIsA422(String externalId, int status) {
        // Given
        ObjectNode body = object(MINIMAL).put("externalId", externalId);

        // When, Then
        if (status == 200) {
            assertEquals(externalId, CreateSessionForm.read(body, "session_new").externalId());
        } else {
            HttpFailure failure = assertThrows(HttpFailure.class, () -> CreateSessionForm.read(body, "session_new"));
            assertEquals(status, failure.status());
            assertTrue(failure.body().contains("externalId cannot contain"), failure.body());
        }
    }

    @Test
    void anIdOfTheReservedFormHasItsOwnMessage() {
        // Given
        ObjectNode body = object(MINIMAL).put("externalId", "session_x");

        // When
        HttpFailure failure = assertThrows(HttpFailure.class, () -> CreateSessionForm.read(body, "session_new"));

        // Then
        assertEquals(
                "{\"error\":\"externalId cannot start with 'session_' (reserved prefix for internal friendlyIds)\"}",
                failure.body());
    }

    @ParameterizedTest
    @CsvSource({"2030-01-01T00:00:00Z", "2030-01-01T01:00:00+01:00", "2030-01-01T00:00:00", "2030-01-01"})
    void datesAreTakenInTheFormsOfJavaScript(String date) {
        // Given
        ObjectNode body = object(MINIMAL).put("expiresAt", date);

        // When, Then
        assertEquals(1_893_456_000_000L, CreateSessionForm.read(body, "session_new").expiresAt());
    }

    private static CreateSession read(String body) {
        return CreateSessionForm.read(object(body), "session_new");
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) WireJson.readTree(json);
    }
}
