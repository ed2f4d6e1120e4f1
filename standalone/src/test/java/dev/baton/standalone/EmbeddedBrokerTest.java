package dev.baton.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.baton.wire.Names;
import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.TopicProvisioner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EmbeddedBrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** The size of a full channel record: more than Kafka's own default lets through. */
    private static final int LARGE_BYTES = 1_500_000;

    @TempDir
    Path folder;

    @Test
    void aRestartOnTheSameFolderKeepsWhatWasAcknowledged() throws Exception {
        // Given
        try (EmbeddedBroker first = EmbeddedBroker.start(folder)) {
            TopicProvisioner.provision(settings(first));
            send(first, "before");
        }

        // When
        try (EmbeddedBroker second = EmbeddedBroker.start(folder)) {
            TopicProvisioner.provision(settings(second));
            send(second, "after");

            // Then
            assertEquals(List.of("before", "after"), read(second, 2));
        }
    }

    @Test
    @DisplayName("decision 0021: a node that was killed before its broker had registered starts as well")
    void aNodeThatWasKilledBeforeItHadRegisteredStarts() throws Exception {
        // Given
        Files.createDirectory(folder.resolve("__cluster_metadata-0"));
        assertTrue(FormerLife.wasKilled(folder));

        // When
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            TopicProvisioner.provision(settings(broker));
            send(broker, "alive");

            // Then
            assertEquals(List.of("alive"), read(broker, 1));
        }
        assertFalse(FormerLife.wasKilled(folder), "a stop in good order is none");
    }

    @Test
    void aChannelRecordOfFullSizeFits() throws Exception {
        // Given
        String large = "x".repeat(LARGE_BYTES);
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            TopicProvisioner.provision(settings(broker));

            // When
            send(broker, large);

            // Then
            assertEquals(List.of(large), read(broker, 1));
        }
    }

    @Test
    void aFolderThatCannotBeUsedIsSaidInOneLine() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("file"), "no folder");

        // When
        IOException refused = assertThrows(IOException.class, () -> EmbeddedBroker.start(file));

        // Then
        assertEquals(1, refused.getMessage().lines().count());
        assertTrue(refused.getMessage().contains(file.toString()));
    }

    private static Settings settings(EmbeddedBroker broker) {
        return Settings.of(Map.of(Setting.KAFKA_BOOTSTRAP.key(), broker.bootstrap()));
    }

    private static void send(EmbeddedBroker broker, String text) throws Exception {
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(KafkaConfigs.producer(settings(broker)))) {
            producer.send(new ProducerRecord<>(Names.SESSION_OUT_TOPIC, 0, null,
                    text.getBytes(StandardCharsets.UTF_8))).get();
        }
    }

    private static List<String> read(EmbeddedBroker broker, int count) {
        List<String> texts = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                KafkaConfigs.reader(settings(broker)))) {
            TopicPartition partition = new TopicPartition(Names.SESSION_OUT_TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (texts.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(each -> texts.add(new String(each.value(), StandardCharsets.UTF_8)));
            }
        }
        return texts;
    }
}
