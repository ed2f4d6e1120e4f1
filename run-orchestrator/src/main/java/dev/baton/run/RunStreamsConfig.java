package dev.baton.run;

import java.util.Properties;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

import dev.baton.run.metrics.RunMetrics;
import dev.baton.wire.Names;
import dev.baton.wire.service.GroupMember;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.TopicCatalog;

/** Settings of the run topology, with the reason for each one that is not Kafka's default. */
final class RunStreamsConfig {
    static final String SERVICE = "run-orchestrator";
    /** A stored run with its request: see {@link RunTopology}. */
    private static final int REQUEST_BYTES_MAX = 5 * 1024 * 1024;

    private RunStreamsConfig() {}

    static Properties of(Settings settings, RunMetrics metrics) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, Names.group(SERVICE));
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
        // A cache would hold writes back until the commit and save nothing: a run changes a few times in its life.
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        config.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, SkippedRecords.class);
        config.put(SkippedRecords.METRICS, metrics);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), REQUEST_BYTES_MAX);
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        GroupMember.config(settings, Names.group(SERVICE))
                .forEach((key, value) -> config.put(StreamsConfig.mainConsumerPrefix(key), value));
        TopicCatalog.changelog(settings)
                .forEach((key, value) -> config.put(StreamsConfig.topicPrefix(key), value));
        return config;
    }
}
