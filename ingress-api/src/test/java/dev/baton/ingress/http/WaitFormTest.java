package dev.baton.ingress.http;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.wire.channel.Channel;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** What a run may ask to wait for (contract §3.1). */
class WaitFormTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @Test
    void theLeastIsASessionAndAChannel() {
        // When
        WaitForm form = read("{\"session\":\"chat-1\",\"io\":\"in\"}");

        // Then
        assertEquals(new WaitForm("chat-1", Channel.IN, null, -1, List.of(), null, null), form);
    }

    @ParameterizedTest
    @DisplayName("contract §3.1: spans and dates; 4.5.0 sends 1h, 4.8.3 sends 3600s")
    @CsvSource({"1h, 3600", "3600s, 3600", "1hr, 3600", "1d12h, 129600", "2w, 1209600", "90m, 5400",
            "2030-01-01T00:10:00Z, 600", "2030-01-01T00:10:00.500Z, 600.5", "2030-01-01T02:00:00+01:00, 3600",
            "2030-01-02, 86400"})
    void aTimeoutIsASpanOrADate(String timeout, double seconds) {
        // When
        WaitForm form = read("{\"session\":\"chat-1\",\"io\":\"in\",\"timeout\":\"" + timeout + "\"}");

        // Then
        assertEquals(NOW.toEpochMilli() + Math.round(seconds * 1000), form.timeoutAt());
    }

    @ParameterizedTest
    @DisplayName("contract §3.1: a past date and a text that is neither are no time-out")
    @ValueSource(strings = {"2029-12-31T23:59:59Z", "soon", "", "1x", "h", "0s"})
    void whatIsNoTimeoutIsNone(String timeout) {
        // When
        WaitForm form = read("{\"session\":\"chat-1\",\"io\":\"in\",\"timeout\":\"" + timeout + "\"}");

        // Then
        assertNull(form.timeoutAt());
    }

    @Test
    void aKeyLivesForItsTtlAndAWeekAtMost() {
        // When
        WaitForm minute = read(
                "{\"session\":\"s\",\"io\":\"out\",\"idempotencyKey\":\"k\",\"idempotencyKeyTTL\":\"60s\"}");
        WaitForm unnamed = read("{\"session\":\"s\",\"io\":\"out\",\"idempotencyKey\":\"k\"}");
        WaitForm year = read(
                "{\"session\":\"s\",\"io\":\"out\",\"idempotencyKey\":\"k\",\"idempotencyKeyTTL\":\"365d\"}");

        // Then
        assertEquals(NOW.plusSeconds(60).toEpochMilli(), minute.idempotencyExpiresAt());
        assertEquals(NOW.plusSeconds(604_800).toEpochMilli(), unnamed.idempotencyExpiresAt());
        assertEquals(NOW.plusSeconds(604_800).toEpochMilli(), year.idempotencyExpiresAt());
    }

    @Test
    void tagsAreOneOrSeveralAndMoreThanTenAre422() {
        // When
        WaitForm one = read("{\"session\":\"s\",\"io\":\"in\",\"tags\":\"t\"}");
        WaitForm two = read("{\"session\":\"s\",\"io\":\"in\",\"tags\":[\"t\",\"u\"]}");
        HttpFailure eleven = assertThrows(HttpFailure.class,
                () -> read("{\"session\":\"s\",\"io\":\"in\",\"tags\":[" + "\"t\",".repeat(10) + "\"t\"]}"));

        // Then
        assertEquals(List.of("t"), one.tags());
        assertEquals(List.of("t", "u"), two.tags());
        assertEquals(422, eleven.status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"session\":\"s\"}", "{\"session\":\"s\",\"io\":\"up\"}",
            "{\"session\":7,\"io\":\"in\"}",
            "{\"session\":\"s\",\"io\":\"in\",\"timeout\":5}", "{\"session\":\"s\",\"io\":\"in\",\"lastSeqNum\":\"5\"}",
            "{\"session\":\"s\",\"io\":\"in\",\"lastSeqNum\":1.5}",
            "{\"session\":\"s\",\"io\":\"in\",\"idempotencyKeyTTL\":\"1 week\"}",
            "{\"session\":\"s\",\"io\":\"in\",\"tags\":[1]}"})
    void whatDoesNotFitIs400(String body) {
        // When
        HttpFailure failure = assertThrows(HttpFailure.class, () -> read(body));

        // Then
        assertEquals(400, failure.status());
    }

    private static WaitForm read(String body) {
        return WaitForm.read((ObjectNode) WireJson.readTree(body), NOW);
    }
}
