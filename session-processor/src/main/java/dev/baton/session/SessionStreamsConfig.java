package dev.baton.session;

import java.util.Properties;

import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

import dev.baton.session.metrics.ProcessorMetrics;
import dev.baton.wire.Names;
import dev.baton.wire.service.GroupMember;
import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.TopicCatalog;

/** Streams settings of the session topology, with the reason for each one that is not Kafka's default. */
final class SessionStreamsConfig {
    static final String APPLICATION_ID = Names.group("session-processor");
    private static final int RECONNECT_BACKOFF_MAX_MS = 500;

    private SessionStreamsConfig() {}

    static Properties of(Settings settings, ProcessorMetrics metrics) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION_ID);
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.required(Setting.KAFKA_BOOTSTRAP));
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.number(Setting.COMMIT_INTERVAL_MS));
        // A thread that has processed something less than a commit interval after its last commit polls before it commits
        // again, and with nothing to poll that is Kafka's 100 ms.
        config.put(StreamsConfig.POLL_MS_CONFIG, settings.number(Setting.COMMIT_INTERVAL_MS));
        config.put(StreamsConfig.STATE_DIR_CONFIG, settings.text(Setting.STATE_DIR));
        config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.number(Setting.REPLICATION_FACTOR));
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.number(Setting.STANDBY_REPLICAS));
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        // Commands and reports need no common order: never wait for the quieter topic.
        config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
        config.put(StreamsConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_BACKOFF_MAX_MS);
        config.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, SkipUnreadable.class);
        config.put(SkipUnreadable.METRICS_CONFIG, metrics);
        clients(config, settings);
        return config;
    }

    private static void clients(Properties config, Settings settings) {
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
                KafkaConfigs.producer(settings).get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
        GroupMember.config(settings, APPLICATION_ID)
                .forEach((key, value) -> config.put(StreamsConfig.mainConsumerPrefix(key), value));
        TopicCatalog.changelog(settings)
                .forEach((key, value) -> config.put(StreamsConfig.topicPrefix(key), value));
    }
}
