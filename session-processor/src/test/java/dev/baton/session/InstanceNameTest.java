package dev.baton.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.baton.wire.service.SettingsException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class InstanceNameTest {
    @TempDir
    Path directory;

    @Test
    void aRestartOnTheSameDirectoryIsTheSameMember() {
        // Given
        Path stateDir = directory.resolve("state");
        String first = InstanceName.of(stateDir, "group");

        // When
        String second = InstanceName.of(stateDir, "group");

        // Then
        assertEquals(first, second);
    }

    @Test
    void aDirectoryThatCannotBeUsedIsOneLineForTheOperator() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("file"), "");

        // When, then
        assertThrows(SettingsException.class, () -> InstanceName.of(file.resolve("state"), "group"));
    }
}
