package dev.baton.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

import dev.baton.wire.service.SettingsException;

/**
 * The name under which this instance is a static member of its group, kept beside its stores: a process that was killed
 * comes back as the same member and gets its partitions at once, instead of after the session timeout of the dead one.
 */
final class InstanceName {
    private InstanceName() {}

    /** @throws SettingsException when the directory cannot be used */
    static String of(Path stateDir, String group) {
        Path file = stateDir.resolve(group + ".instance");
        try {
            Files.createDirectories(stateDir);
            return Files.exists(file) ? Files.readString(file).strip() : created(file, group);
        } catch (IOException e) {
            throw new SettingsException("expected a state directory that can be written at " + stateDir.toAbsolutePath()
                    + " (BATON_STATE_DIR), but: " + e.getClass().getSimpleName());
        }
    }

    /** Written aside and moved: whoever is killed in here leaves a whole name or none. */
    private static String created(Path file, String group) throws IOException {
        String name = group + "-" + UUID.randomUUID();
        Path draft = Files.writeString(file.resolveSibling(file.getFileName() + ".draft"), name);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        return name;
    }
}
