package dev.baton.standalone;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.baton.wire.service.SettingsException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DataFolderTest {
    @TempDir
    Path folder;

    @Test
    void aFolderIsFreeAgainAfterClose() {
        // Given
        DataFolder.open(folder).close();

        // When
        try (DataFolder again = DataFolder.open(folder)) {

            // Then
            assertEquals(folder.toAbsolutePath().resolve("kafka"), again.kafka());
        }
    }

    @Test
    void aTemporaryFolderIsGoneAfterClose() throws Exception {
        // Given
        DataFolder temporary = DataFolder.temporary();
        Files.createDirectories(temporary.kafka());
        Files.writeString(temporary.kafka().resolve("file"), "text");

        // When
        temporary.close();

        // Then
        assertFalse(Files.exists(temporary.path()));
    }

    @Test
    void aNamedFolderIsKeptAfterClose() {
        // When
        DataFolder.open(folder.resolve("new")).close();

        // Then
        assertTrue(Files.exists(folder.resolve("new").resolve("format")));
    }

    @Test
    void aNewerFormatIsRefused() throws Exception {
        // Given
        Files.writeString(folder.resolve("format"), "2\n");

        // When
        SettingsException refused = assertThrows(SettingsException.class, () -> DataFolder.open(folder));

        // Then
        assertTrue(refused.getMessage().contains("expected format 1"), refused.getMessage());
    }
}
