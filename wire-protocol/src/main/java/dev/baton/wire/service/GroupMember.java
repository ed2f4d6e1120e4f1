package dev.baton.wire.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.UUID;

import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * How a process belongs to its consumer group. It is a static member whose name lies in the state folder: killed and
 * started again, it takes its own partitions back at once, instead of waiting until its former self is declared dead.
 */
public final class GroupMember {
    /** The lowest that brokers allow by default: a process on a lost machine is replaced after this long. */
    private static final int SESSION_TIMEOUT_MS = 6_000;
    private static final int HEARTBEAT_INTERVAL_MS = 1_500;

    private GroupMember() {}

    /**
     * Consumer settings of this member.
     *
     * @throws SettingsException when the state folder cannot be used
     */
    public static Map<String, Object> config(Settings settings, String group) {
        return Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name(settings.path(Setting.STATE_DIR), group),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_INTERVAL_MS);
    }

    static String name(Path stateDir, String group) {
        Path file = stateDir.resolve(group + ".instance");
        try {
            Files.createDirectories(stateDir);
            return Files.exists(file) ? Files.readString(file).strip() : created(file, group);
        } catch (IOException e) {
            throw new SettingsException("expected a state folder that can be written at " + stateDir.toAbsolutePath()
                    + " (BATON_STATE_DIR), but: " + e);
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
