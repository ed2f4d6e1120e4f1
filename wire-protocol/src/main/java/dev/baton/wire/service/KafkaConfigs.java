package dev.baton.wire.service;

import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Client settings that all services share, with the reason for each one that is not Kafka's default. */
public final class KafkaConfigs {
    /** A stored record of 1 MiB inside JSON: see {@link TopicCatalog}. */
    private static final int REQUEST_BYTES_MAX = 5 * 1024 * 1024;
    private static final int RECONNECT_BACKOFF_MAX_MS = 500;
    private static final int ADMIN_TIMEOUT_MS = 30_000;
    private static final int HAND_OVER_MAX_MS = 1_000;
    private static final int REQUEST_TIMEOUT_MS = 3_000;
    /** Clients of the protocol wait 5 s for an acknowledgement (contract §2.6). */
    private static final int DELIVERY_TIMEOUT_MS = 4_000;

    private KafkaConfigs() {}

    public static Map<String, Object> admin(Settings settings) {
        Map<String, Object> config = common(settings);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MS);
        return config;
    }

    /** Idempotent, all replicas, sent at once: a person waits for each token. */
    public static Map<String, Object> producer(Settings settings) {
        Map<String, Object> config = common(settings);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES_MAX);
        return config;
    }

    /**
     * As {@link #producer}, for records that a request waits for: whoever asks is better off with a 503 soon than with a
     * 200 late. Kafka's defaults are a minute to hand a record over and two to deliver it.
     */
    public static Map<String, Object> answeringProducer(Settings settings) {
        Map<String, Object> config = producer(settings);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, HAND_OVER_MAX_MS);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        return config;
    }

    /**
     * A reader that keeps its own positions and belongs to no group. It reads committed records only: every topic may be
     * written in transactions, and the others lose nothing by it.
     */
    public static Map<String, Object> reader(Settings settings) {
        Map<String, Object> config = common(settings);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return config;
    }

    private static Map<String, Object> common(Settings settings) {
        Map<String, Object> config = new HashMap<>();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.required(Setting.KAFKA_BOOTSTRAP));
        config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_BACKOFF_MAX_MS);
        return config;
    }
}
