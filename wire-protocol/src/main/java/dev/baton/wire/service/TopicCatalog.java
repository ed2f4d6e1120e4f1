package dev.baton.wire.service;

import java.time.Duration;
import java.util.ArrayList;
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

    /** Longer than the longest wait: a row must outlive what it tells of. */
    private static final Duration WAITS_RETENTION = Duration.ofDays(8);

    private TopicCatalog() {}

    public static List<NewTopic> topics(Settings settings) {
        int partitions = settings.number(Setting.PARTITIONS);
        short replicas = (short) settings.number(Setting.REPLICATION_FACTOR);
        List<NewTopic> topics = new ArrayList<>();
        topics.add(new NewTopic(Names.COMMANDS_TOPIC, partitions, replicas)
                .configs(queue(Duration.ofDays(1), COMMAND_MESSAGE_BYTES_MAX)));
        topics.add(new NewTopic(Names.RUN_EVENTS_TOPIC, partitions, replicas)
                .configs(queue(Duration.ofDays(7), COMMAND_MESSAGE_BYTES_MAX)));
        topics.add(new NewTopic(Names.RUN_REQUESTS_TOPIC, partitions, replicas)
                .configs(queue(Duration.ofDays(7), COMMAND_MESSAGE_BYTES_MAX)));
        topics.add(new NewTopic(Names.RUN_REPORTS_TOPIC, partitions, replicas)
                .configs(queue(Duration.ofDays(1), COMMAND_MESSAGE_BYTES_MAX)));
        topics.add(new NewTopic(Names.RUN_ASSIGNMENTS_TOPIC, partitions, replicas)
                .configs(queue(Duration.ofHours(1), COMMAND_MESSAGE_BYTES_MAX)));
        topics.add(new NewTopic(Names.REPLIES_TOPIC, partitions, replicas)
                .configs(queue(Duration.ofHours(1), COMMAND_MESSAGE_BYTES_MAX)));
        topics.add(new NewTopic(Names.SESSION_IN_TOPIC, partitions, replicas)
                .configs(channel(settings.number(Setting.IN_RETENTION_HOURS))));
        topics.add(new NewTopic(Names.SESSION_OUT_TOPIC, partitions, replicas)
                .configs(channel(settings.number(Setting.OUT_RETENTION_HOURS))));
        topics.add(new NewTopic(Names.SESSIONS_TOPIC, partitions, replicas).configs(compacted()));
        topics.add(new NewTopic(Names.SESSION_RUNS_TOPIC, partitions, replicas).configs(compacted()));
        topics.add(new NewTopic(Names.WAITS_TOPIC, partitions, replicas).configs(compactedFor(WAITS_RETENTION)));
        return List.copyOf(topics);
    }

    private static Map<String, String> queue(Duration retention, String messageBytesMax) {
        return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, messageBytesMax);
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
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, COMMAND_MESSAGE_BYTES_MAX);
    }

    private static Map<String, String> compactedFor(Duration retention) {
        return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, COMMAND_MESSAGE_BYTES_MAX);
    }
}
