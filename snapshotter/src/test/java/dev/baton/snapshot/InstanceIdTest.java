package dev.baton.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.baton.wire.service.SettingsException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class InstanceIdTest {
    @TempDir
    private Path folder;

    @Test
    void theSameStateFolderGivesTheSameName() {
        // Given
        String first = InstanceId.in(folder.resolve("a"));

        // When
        String again = InstanceId.in(folder.resolve("a"));

        // Then
        assertEquals(first, again);
        assertNotEquals(first, InstanceId.in(folder.resolve("b")));
    }

    @Test
    void aStateFolderThatIsAFileIsRefused() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("file"), "");

        // When / Then
        assertThrows(SettingsException.class, () -> InstanceId.in(file));
    }
}
