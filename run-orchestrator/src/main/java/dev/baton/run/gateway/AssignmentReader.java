package dev.baton.run.gateway;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.run.domain.RunAssignment;
import dev.baton.run.metrics.RunMetrics;
import dev.baton.wire.Names;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Settings;

/**
 * Reads what the topology tells this gateway, from the moment it started: the id is new, so nothing older can concern
 * it. One thread owns the consumer. What is lost while the broker is away comes again by the dispatch timeout.
 */
public final class AssignmentReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(500);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(AssignmentReader.class);

    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> kafka;
    private final byte[] ourKey;
    private final Consumer<RunAssignment> receiver;
    private final RunMetrics metrics;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean positioned;

    public AssignmentReader(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> kafka, String gatewayId,
            Consumer<RunAssignment> receiver, RunMetrics metrics) {
        this.kafka = kafka;
        this.ourKey = gatewayId.getBytes(StandardCharsets.UTF_8);
        this.receiver = receiver;
        this.metrics = metrics;
        this.thread = Thread.ofPlatform().name("run-assignment-reader").daemon().unstarted(this::run);
    }

    /** Records that were deleted before we read them are old: go on at the end. */
    public static Map<String, Object> consumerConfig(Settings settings) {
        Map<String, Object> config = new HashMap<>(KafkaConfigs.reader(settings));
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        return config;
    }

    public void start() {
        thread.start();
    }

    /** Whether everything that is assigned from now on will be seen. */
    public boolean positioned() {
        return positioned;
    }

    public boolean alive() {
        return thread.isAlive();
    }

    private void run() {
        try (kafka) {
            while (!closed()) {
                step();
            }
        } catch (WakeupException _) {
            // Closing.
        }
    }

    /** A broker that is away is no reason to give up; the consumer reconnects by itself. */
    private void step() {
        try {
            if (!positioned) {
                goToTheEnd();
            }
            for (ConsumerRecord<byte[], byte[]> record : kafka.poll(POLL)) {
                if (Arrays.equals(ourKey, record.key())) {
                    receive(record);
                }
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.atWarn().addKeyValue("cause", e.toString()).log("cannot read run assignments, trying again");
            pause();
        }
    }

    private void goToTheEnd() {
        List<TopicPartition> partitions = kafka.partitionsFor(Names.RUN_ASSIGNMENTS_TOPIC).stream()
                .map(each -> new TopicPartition(each.topic(), each.partition())).toList();
        kafka.assign(partitions);
        kafka.seekToEnd(partitions);
        // The seek is lazy: only the position is a promise.
        partitions.forEach(kafka::position);
        positioned = true;
    }

    private void receive(ConsumerRecord<byte[], byte[]> record) {
        try {
            receiver.accept(WireJson.read(record.value(), RunAssignment.class));
        } catch (UncheckedIOException e) {
            metrics.skipped();
            LOG.atError().addKeyValue("partition", record.partition()).addKeyValue("offset", record.offset())
                    .log("run assignment skipped: expected one of our records, but it cannot be read");
        }
    }

    private boolean closed() {
        return closing.getCount() == 0;
    }

    private void pause() {
        try {
            boolean _ = closing.await(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing.countDown();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        kafka.wakeup();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
