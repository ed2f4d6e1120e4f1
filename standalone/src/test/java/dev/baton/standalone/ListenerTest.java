package dev.baton.standalone;

import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ListenerTest {
    @Test
    void portZeroTakesAFreeOne() {
        // When
        Listener listener = Listener.of(Settings.of(Map.of()), null, 0);

        // Then
        assertNotEquals(0, listener.settings().number(Setting.INGRESS_PORT));
        assertEquals("http://127.0.0.1:" + listener.settings().text(Setting.INGRESS_PORT), listener.localUrl());
        assertEquals(listener.localUrl(), listener.settings().publicUrl());
    }

    @Test
    void optionsWinOverTheEnvironment() {
        // Given
        Settings environment = Settings.of(Map.of("BATON_HOST", "127.0.0.1", "BATON_INGRESS_PORT", "1"));

        // When
        Listener listener = Listener.of(environment, "0.0.0.0", 0);

        // Then
        assertEquals("0.0.0.0", listener.settings().text(Setting.HOST));
        assertNotEquals(1, listener.settings().number(Setting.INGRESS_PORT));
    }

    @Test
    void everyAddressIsReachedOverLoopback() {
        // When
        Listener listener = Listener.of(Settings.of(Map.of()), "0.0.0.0", 0);

        // Then
        assertEquals("http://127.0.0.1:" + listener.settings().text(Setting.INGRESS_PORT), listener.localUrl());
    }

    @Test
    void aGivenPublicUrlIsKept() {
        // When
        Listener listener = Listener.of(Settings.of(Map.of("BATON_PUBLIC_URL", "https://baton.example")), null, 0);

        // Then
        assertEquals("https://baton.example", listener.settings().publicUrl());
    }

    @Test
    void anUnknownHostIsRefused() {
        // When
        SettingsException refused = assertThrows(SettingsException.class,
                () -> Listener.of(Settings.of(Map.of()), "no.such.host.invalid", 0));

        // Then
        assertEquals(1, refused.getMessage().lines().count());
    }
}
