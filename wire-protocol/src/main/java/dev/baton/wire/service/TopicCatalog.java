package dev.baton.wire.service;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

import dev.baton.wire.Names;

/**
 * All topics with their partition counts and settings. Topics that are keyed by session have the same number of
 * partitions, so that a session is at the same partition number everywhere.
 */
public final class TopicCatalog {
    /** A stored record of 1 MiB with its headers. */
    private static final String SESSION_MESSAGE_BYTES_MAX = "2097152";
    /** A command carries such a record inside JSON, where every quote takes one byte more. */
    private static final String COMMAND_MESSAGE_BYTES_MAX = "4194304";
    /** A stored row carries what a command carried, and more: a first message, a run request, a hundred waits. */
    private static final String CHANGELOG_MESSAGE_BYTES_MAX = "5242880";

    /** Longer than the longest wait: a row must outlive what it tells of. */
    private static final Duration WAITS_RETENTION = Duration.ofDays(8);

    /**
     * What was replaced or removed leaves a compacted topic within this time and the pace of the broker's cleaner. Without a
     * bound it would stay until enough has been written, on a quiet topic for good: a deleted session as well.
     */
    private static final String COMPACTION_LAG_MAX_MS = Long.toString(Duration.ofDays(1).toMillis());

    private TopicCatalog() {}

    public static List<NewTopic> topics(Settings settings) {
        Map<String, Map<String, String>> configs = new LinkedHashMap<>();
        Duration commands = Duration.ofHours(settings.number(Setting.COMMAND_RETENTION_HOURS));
        Duration runs = Duration.ofHours(settings.number(Setting.RUN_RETENTION_HOURS));
        configs.put(Names.COMMANDS_TOPIC, queue(commands));
        configs.put(Names.RUN_EVENTS_TOPIC, queue(runs));
        configs.put(Names.RUN_REQUESTS_TOPIC, queue(runs));
        configs.put(Names.RUN_REPORTS_TOPIC, queue(commands));
        configs.put(Names.RUN_ASSIGNMENTS_TOPIC, queue(Duration.ofHours(1)));
        configs.put(Names.REPLIES_TOPIC, queue(Duration.ofHours(1)));
        configs.put(Names.SESSION_IN_TOPIC, channel(settings.number(Setting.IN_RETENTION_HOURS)));
        configs.put(Names.SESSION_OUT_TOPIC, channel(settings.number(Setting.OUT_RETENTION_HOURS)));
        configs.put(Names.SESSIONS_TOPIC, compacted());
        configs.put(Names.SESSION_RUNS_TOPIC, compacted());
        configs.put(Names.WAITS_TOPIC, compactedFor(WAITS_RETENTION));
        configs.put(Names.RUN_STEPS_TOPIC, compactedFor(runs));
        return configs.entrySet().stream().map(topic -> topic(topic.getKey(), topic.getValue(), settings)).toList();
    }

    private static NewTopic topic(String name, Map<String, String> config, Settings settings) {
        Map<String, String> complete = new HashMap<>(config);
        complete.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, minInSyncReplicas(settings));
        return new NewTopic(name, settings.number(Setting.PARTITIONS),
                (short) settings.number(Setting.REPLICATION_FACTOR)).configs(complete);
    }

    /** Of topics that Kafka Streams creates: changelogs carry what commands carry, whatever the broker's default is. */
    public static Map<String, String> changelog(Settings settings) {
        return Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, CHANGELOG_MESSAGE_BYTES_MAX,
                TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, COMPACTION_LAG_MAX_MS,
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, minInSyncReplicas(settings));
    }

    /** One replica may be away, and what is acknowledged is still on two disks. */
    private static String minInSyncReplicas(Settings settings) {
        return Integer.toString(Math.max(1, settings.number(Setting.REPLICATION_FACTOR) - 1));
    }

    private static Map<String, String> queue(Duration retention) {
        return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, COMMAND_MESSAGE_BYTES_MAX);
    }

    /** Arrival time of the broker: timestamps then never go back within a channel (contract §7.2). */
    private static Map<String, String> channel(int retentionHours) {
        return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(Duration.ofHours(retentionHours).toMillis()),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, SESSION_MESSAGE_BYTES_MAX,
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    }

    private static Map<String, String> compacted() {
        return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, COMPACTION_LAG_MAX_MS,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, COMMAND_MESSAGE_BYTES_MAX);
    }

    private static Map<String, String> compactedFor(Duration retention) {
        return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, COMMAND_MESSAGE_BYTES_MAX);
    }
}
