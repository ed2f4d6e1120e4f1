package dev.baton.ingress.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** contract §4.2. */
class PublicTokenFormTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

    @ParameterizedTest
    @CsvSource({"15m,900", "1h,3600", "90s,90", "1.5 hours,5400", "2 days,172800", "1 week,604800", "30d,2592000",
            "10 Mins from now,600", "+ 5 sec,5"})
    void aSpanCountsFromNow(String span, long seconds) {
        // Given, When
        PublicTokenForm form = read("{\"scopes\":[\"read:sessions\"],\"expirationTime\":\"" + span + "\"}");

        // Then
        assertEquals(NOW.plusSeconds(seconds), form.expiresAt());
    }

    @Test
    void aNumberIsATimeInEpochSeconds() {
        // Given, When
        PublicTokenForm form = read("{\"scopes\":[\"read:sessions\"],\"expirationTime\":1000060.7}");

        // Then
        assertEquals(NOW.plusSeconds(60), form.expiresAt());
    }

    @Test
    void withoutATimeTheTokenLivesAQuarterOfAnHourAndHasNoFurtherClaims() {
        // Given, When
        PublicTokenForm form = read("{\"scopes\":[\"a\",\"b:c\"],\"realtime\":null,\"oneTimeUse\":false}");

        // Then
        assertEquals(new PublicTokenForm(List.of("a", "b:c"), NOW.plus(Duration.ofMinutes(15)), Map.of()), form);
    }

    @Test
    void oneTimeUseAndRealtimeBecomeClaims() {
        // Given, When
        PublicTokenForm form = read("{\"scopes\":[\"a\"],\"oneTimeUse\":true,\"realtime\":{\"skipColumns\":[\"x\"]}}");

        // Then
        assertEquals(Map.of("otu", true, "realtime", Map.of("skipColumns", List.of("x"))), form.extras());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"scopes\":[]}", "{\"scopes\":null}", "{\"scopes\":\"read\"}",
            "{\"scopes\":[\"\"]}",
            "{\"scopes\":[1]}", "{\"scopes\":[\"a\"],\"expirationTime\":\"31d\"}",
            "{\"scopes\":[\"a\"],\"expirationTime\":\"999999999y\"}",
            "{\"scopes\":[\"a\"],\"expirationTime\":\"0s\"}", "{\"scopes\":[\"a\"],\"expirationTime\":\"1h ago\"}",
            "{\"scopes\":[\"a\"],\"expirationTime\":\"5ms\"}", "{\"scopes\":[\"a\"],\"expirationTime\":\"soon\"}",
            "{\"scopes\":[\"a\"],\"expirationTime\":1000000}", "{\"scopes\":[\"a\"],\"expirationTime\":3592001}",
            "{\"scopes\":[\"a\"],\"expirationTime\":1e300}", "{\"scopes\":[\"a\"],\"expirationTime\":true}",
            "{\"scopes\":[\"a\"],\"oneTimeUse\":1}", "{\"scopes\":[\"a\"],\"realtime\":[]}",
            "{\"scopes\":[\"a\"],\"realtime\":{\"skipColumns\":\"x\"}}"})
    void whatDoesNotFitIsA400(String body) {
        // Given, When
        HttpFailure failure = assertThrows(HttpFailure.class, () -> read(body));

        // Then
        assertEquals(400, failure.status(), failure.body());
    }

    private static PublicTokenForm read(String body) {
        return PublicTokenForm.read((ObjectNode) WireJson.readTree(body), NOW);
    }
}
