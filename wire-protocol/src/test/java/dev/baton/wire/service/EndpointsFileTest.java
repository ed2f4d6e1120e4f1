package dev.baton.wire.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EndpointsFileTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("what is written is read, and it wins over what the environment says")
    void whatIsWrittenIsRead() throws IOException {
        // Given
        Settings running = Settings.of(Map.of("BATON_KAFKA_BOOTSTRAP", "127.0.0.1:9", "OBJECT_STORE_SECRET_ACCESS_KEY",
                "a\\b=c #d", "BATON_ENVIRONMENT_SLUG", "stage"));
        EndpointsFile.write(folder, running);

        // When
        Settings read = EndpointsFile.read(folder, Settings.of(Map.of("BATON_KAFKA_BOOTSTRAP", "elsewhere:1")));

        // Then
        assertEquals("127.0.0.1:9", read.text(Setting.KAFKA_BOOTSTRAP));
        assertEquals("a\\b=c #d", read.text(Setting.OBJECT_STORE_SECRET_ACCESS_KEY));
        assertEquals("stage", read.text(Setting.ENVIRONMENT_SLUG));
        assertFalse(read.isSet(Setting.ENVIRONMENTS_FILE));
    }

    @Test
    @DisplayName("no secret key of an environment is in the file")
    void keysOfEnvironmentsStayOut() throws IOException {
        // When
        EndpointsFile.write(folder, Settings.of(Map.of("BATON_SECRET_KEY", "tr_prod_0123456789")));

        // Then
        assertFalse(Files.readString(folder.resolve(EndpointsFile.NAME)).contains("tr_prod_0123456789"));
    }

    @Test
    @DisplayName("without the file: one line that names it and the way out")
    void aMissingFileIsNamed() {
        // When
        SettingsException refusal = assertThrows(SettingsException.class,
                () -> EndpointsFile.read(folder, Settings.of(Map.of())));

        // Then
        assertTrue(refusal.getMessage().contains(folder.resolve(EndpointsFile.NAME).toString()), refusal::getMessage);
        assertTrue(refusal.getMessage().contains("--data"), refusal::getMessage);
    }

    @Test
    @DisplayName("a file of another format is refused")
    void anotherFormatIsRefused() throws IOException {
        // Given
        Files.writeString(folder.resolve(EndpointsFile.NAME), "format=2\n");

        // When, Then
        assertThrows(SettingsException.class, () -> EndpointsFile.read(folder, Settings.of(Map.of())));
    }
}
