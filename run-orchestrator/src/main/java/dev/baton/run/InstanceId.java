package dev.baton.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

import dev.baton.wire.service.SettingsException;

/**
 * The name under which this installation joins its group, kept in the state folder: a process that is killed and started
 * again takes its own place back at once, instead of waiting until its former self is declared dead.
 */
final class InstanceId {
    private static final String FILE = "run-orchestrator.instance";

    private InstanceId() {}

    /** @throws SettingsException when the folder cannot be read or written */
    static String of(Path stateDir) {
        Path file = stateDir.resolve(FILE);
        try {
            if (Files.exists(file)) {
                String stored = Files.readString(file).strip();
                if (!stored.isEmpty()) {
                    return stored;
                }
            }
            Files.createDirectories(stateDir);
            String fresh = UUID.randomUUID().toString();
            Files.writeString(file, fresh);
            return fresh;
        } catch (IOException e) {
            throw new SettingsException("expected to read and write the state folder " + stateDir
                    + " (BATON_STATE_DIR), but: " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
