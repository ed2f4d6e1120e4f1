package dev.baton.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

import dev.baton.wire.service.SettingsException;

/**
 * A name that survives restarts: with it the group gives a restarted process its partitions back at once, without
 * waiting for the session of the killed one to time out.
 */
final class InstanceId {
    private InstanceId() {}

    /** @throws SettingsException when the folder cannot be written */
    static String in(Path stateDir) {
        Path file = stateDir.resolve("snapshotter").resolve("instance-id");
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                Path complete = Files.writeString(file.resolveSibling("instance-id.new"), UUID.randomUUID().toString());
                Files.move(complete, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            return "snapshotter-" + Files.readString(file).strip();
        } catch (IOException e) {
            throw new SettingsException(
                    "expected a folder to write to at " + stateDir.toAbsolutePath() + " (BATON_STATE_DIR), but: " + e);
        }
    }
}
