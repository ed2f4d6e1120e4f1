package dev.baton.run.gateway;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.baton.run.domain.RunAssignment;
import dev.baton.run.domain.RunAssignment.CancelRun;
import dev.baton.run.metrics.RunMetrics;
import dev.baton.wire.Names;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.Metrics;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** Which assignments reach a gateway. */
class AssignmentReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition(Names.RUN_ASSIGNMENTS_TOPIC, 0);
    private static final long END = 10;
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("latest");
    private final List<RunAssignment> received = new CopyOnWriteArrayList<>();
    private final AssignmentReader reader = new AssignmentReader(kafka, "gateway-1", received::add,
            new RunMetrics(new Metrics()));
    private long nextOffset = END;

    @BeforeEach
    void createTopic() {
        Node broker = new Node(1, "nowhere", 1);
        kafka.updatePartitions(Names.RUN_ASSIGNMENTS_TOPIC, List.of(
                new PartitionInfo(PARTITION.topic(), 0, broker, new Node[]{broker}, new Node[]{broker})));
        kafka.updateEndOffsets(Map.of(PARTITION, END));
    }

    @AfterEach
    void stop() {
        reader.close();
    }

    private void startAtTheEnd() {
        reader.start();
        await().atMost(DEADLINE).until(reader::positioned);
    }

    private void arrives(String gatewayId, byte[] value) {
        kafka.addRecord(new ConsumerRecord<>(PARTITION.topic(), 0, nextOffset++,
                gatewayId.getBytes(StandardCharsets.UTF_8), value));
    }

    @Test
    void onlyAssignmentsToThisGatewayArrive() {
        // Given
        startAtTheEnd();
        CancelRun ours = new CancelRun("run_1", "worker-1");

        // When
        arrives("gateway-2", WireJson.bytes(new CancelRun("run_2", "worker-1")));
        arrives("gateway-1", WireJson.bytes(ours));

        // Then
        await().atMost(DEADLINE).until(() -> !received.isEmpty());
        assertEquals(List.of(ours), received);
    }

    @Test
    void aRecordThatCannotBeReadIsSkipped() {
        // Given
        startAtTheEnd();
        CancelRun next = new CancelRun("run_1", "worker-1");

        // When
        arrives("gateway-1", "nonsense".getBytes(StandardCharsets.UTF_8));
        arrives("gateway-1", WireJson.bytes(next));

        // Then
        await().atMost(DEADLINE).until(() -> !received.isEmpty());
        assertEquals(List.of(next), received);
    }

    @Test
    void troubleWithTheBrokerDoesNotEndTheReader() {
        // Given
        startAtTheEnd();
        CancelRun next = new CancelRun("run_1", "worker-1");

        // When
        kafka.setPollException(new KafkaException("broker away"));
        arrives("gateway-1", WireJson.bytes(next));

        // Then
        await().atMost(DEADLINE).until(() -> !received.isEmpty());
        assertEquals(List.of(next), received);
    }

    @Test
    void aClosedReaderIsNotAlive() {
        // Given
        startAtTheEnd();

        // When
        reader.close();

        // Then
        assertFalse(reader.alive());
    }
}
