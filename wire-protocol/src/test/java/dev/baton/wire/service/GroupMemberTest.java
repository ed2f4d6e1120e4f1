package dev.baton.wire.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class GroupMemberTest {
    @TempDir
    Path directory;

    @Test
    void aRestartOnTheSameDirectoryIsTheSameMember() {
        // Given
        Path stateDir = directory.resolve("state");
        String first = GroupMember.name(stateDir, "group");

        // When
        String second = GroupMember.name(stateDir, "group");

        // Then
        assertEquals(first, second);
        assertNotEquals(first, GroupMember.name(stateDir, "other"));
    }

    @Test
    void aDirectoryThatCannotBeUsedIsOneLineForTheOperator() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("file"), "");

        // When, then
        assertThrows(SettingsException.class, () -> GroupMember.name(file.resolve("state"), "group"));
    }
}
