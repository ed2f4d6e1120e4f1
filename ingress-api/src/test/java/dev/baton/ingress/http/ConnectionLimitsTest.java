package dev.baton.ingress.http;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConnectionLimitsTest {
    @Test
    void byDefaultARequestHasAMinuteAndAConnectionHalfOfOne() {
        assertEquals(new ConnectionLimits(Duration.ofSeconds(30), Duration.ofSeconds(60)),
                ConnectionLimits.of(Settings.of(Map.of())));
    }

    @ParameterizedTest
    @CsvSource({"BATON_IDLE_TIMEOUT_MS,5999", "BATON_REQUEST_TIMEOUT_MS,999", "BATON_REQUEST_TIMEOUT_MS,0"})
    void aLimitThatWouldCutOffThoseWhoBehaveIsRefusedAtTheStart(String key, String value) {
        // When
        SettingsException refusal = assertThrows(SettingsException.class,
                () -> ConnectionLimits.of(Settings.of(Map.of(key, value))));

        // Then
        assertTrue(refusal.getMessage().contains(key), refusal.getMessage());
    }
}
