package dev.baton.snapshot.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ObjectStoreTest {
    private final Settings complete = Settings.of(Map.of("OBJECT_STORE_BASE_URL", "http://127.0.0.1:9",
            "OBJECT_STORE_ACCESS_KEY_ID", "id", "OBJECT_STORE_SECRET_ACCESS_KEY", "secret"));

    @ParameterizedTest
    @ValueSource(strings = {"OBJECT_STORE_BASE_URL", "OBJECT_STORE_ACCESS_KEY_ID", "OBJECT_STORE_SECRET_ACCESS_KEY"})
    void aMissingSettingIsNamed(String key) {
        // Given
        Settings incomplete = complete.with(Setting.valueOf(key), "");

        // When
        var refusal = assertThrows(SettingsException.class, () -> ObjectStore.open(incomplete));

        // Then
        assertTrue(refusal.getMessage().startsWith("expected " + key + " to be set"), refusal.getMessage());
    }

    @Test
    void aStoreThatIsNotThereIsToldInOneLine() throws IOException {
        // Given
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Settings nobody = complete.with(Setting.OBJECT_STORE_BASE_URL, "http://127.0.0.1:" + port);

        // When
        var refusal = assertThrows(SettingsException.class, () -> ObjectStore.open(nobody));

        // Then
        assertTrue(refusal.getMessage().startsWith("expected an S3 store at http://127.0.0.1:" + port
                + " (OBJECT_STORE_BASE_URL) with bucket 'baton', but: "), refusal.getMessage());
        assertEquals(1, refusal.getMessage().lines().count());
    }

    @Test
    void anUrlWithoutAHostIsRefused() {
        // Given
        Settings wrong = complete.with(Setting.OBJECT_STORE_BASE_URL, "minio:9000");

        // When
        var refusal = assertThrows(SettingsException.class, () -> ObjectStore.open(wrong));

        // Then
        assertTrue(refusal.getMessage().contains("absolute URL (OBJECT_STORE_BASE_URL)"), refusal.getMessage());
    }
}
