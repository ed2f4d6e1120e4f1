package dev.baton.audit.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;

/** Reads ranges of partitions, committed records only. Belongs to no group and changes nothing. One thread. */
public final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    /** Longer than an open transaction can hide records: brokers abort it after 10 s, and some look every 10 s only. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(40);
    /** A request for the partition before may still be waiting at the broker; Kafka's default is half a second. */
    private static final int FETCH_WAIT_MS = 20;
    private static final int FETCH_BYTES_MAX = 8 * 1024 * 1024;

    private final String bootstrap;
    private final KafkaConsumer<byte[], byte[]> committed;
    /** Only asked for ends: those behind transactions that are still open. */
    private final KafkaConsumer<byte[], byte[]> written;
    private final Progress progress;

    private TopicReader(Settings settings, Progress progress) {
        bootstrap = settings.text(Setting.KAFKA_BOOTSTRAP);
        Map<String, Object> config = KafkaConfigs.reader(settings);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES_MAX);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS);
        committed = new KafkaConsumer<>(config);
        Map<String, Object> uncommitted = new HashMap<>(config);
        uncommitted.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        written = new KafkaConsumer<>(uncommitted);
        this.progress = progress;
    }

    /** @throws SettingsException with one line for the operator when no broker is named or the name cannot be one */
    public static TopicReader open(Settings settings, Progress progress) {
        settings.required(Setting.KAFKA_BOOTSTRAP);
        try {
            return new TopicReader(settings, progress);
        } catch (KafkaException e) {
            throw new SettingsException("expected Kafka brokers as host:port in " + Setting.KAFKA_BOOTSTRAP.key()
                    + ", but it is '" + settings.text(Setting.KAFKA_BOOTSTRAP) + "'");
        }
    }

    /**
     * How many partitions the topic has.
     *
     * @throws SettingsException with one line for the operator when the broker does not answer or has no such topic
     */
    public int partitions(String topic) {
        List<PartitionInfo> found;
        try {
            found = committed.partitionsFor(topic, CALL_TIMEOUT);
        } catch (KafkaException e) {
            throw new SettingsException("expected Kafka at " + bootstrap + " (" + Setting.KAFKA_BOOTSTRAP.key()
                    + "), but it does not answer: " + e.getMessage());
        }
        if (found == null || found.isEmpty()) {
            throw new SettingsException("expected the topics of Baton at " + bootstrap + " ("
                    + Setting.KAFKA_BOOTSTRAP.key() + "), but there is no " + topic);
        }
        return found.size();
    }

    public long begin(TopicPartition partition) {
        return on(committed, partition).beginningOffsets(List.of(partition), CALL_TIMEOUT).get(partition);
    }

    /** The offset behind the last record that readers of committed records may see now. */
    public long committedEnd(TopicPartition partition) {
        return on(committed, partition).endOffsets(List.of(partition), CALL_TIMEOUT).get(partition);
    }

    /** The offset behind the last record that was written, committed or not. */
    public long writtenEnd(TopicPartition partition) {
        return on(written, partition).endOffsets(List.of(partition), CALL_TIMEOUT).get(partition);
    }

    /** The first offset that arrived then or later; the committed end when there is none. */
    public long offsetAt(TopicPartition partition, long epochMs) {
        OffsetAndTimestamp found = on(committed, partition)
                .offsetsForTimes(Map.of(partition, Math.max(0, epochMs)), CALL_TIMEOUT).get(partition);
        return found == null ? committedEnd(partition) : found.offset();
    }

    /** Arrival of the first record from this offset on, epoch milliseconds; {@link Long#MAX_VALUE} when there is none. */
    public long firstAtMs(TopicPartition partition, long begin, long end) {
        long[] first = {Long.MAX_VALUE};
        scan(partition, begin, end, record -> {
            first[0] = record.timestamp();
            return false;
        });
        return first[0];
    }

    /**
     * Hands over the records with offsets in {@code [from, to)} in order. Up to {@link #writtenEnd} it waits until the
     * transactions that are open there are over.
     *
     * @throws KafkaException when the broker is silent for too long
     */
    public void read(TopicPartition partition, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        scan(partition, from, to, record -> {
            sink.accept(record);
            return true;
        });
    }

    private interface Sink {
        /** Whether more is wanted. */
        boolean accept(ConsumerRecord<byte[], byte[]> record);
    }

    private void scan(TopicPartition partition, long from, long to, Sink sink) {
        on(committed, partition).seek(partition, from);
        long deadline = System.nanoTime() + SILENCE_MAX.toNanos();
        long before = from;
        while (before < to) {
            for (ConsumerRecord<byte[], byte[]> record : committed.poll(POLL)) {
                if (record.offset() < to && !sink.accept(record)) {
                    return;
                }
            }
            long position = committed.position(partition, CALL_TIMEOUT);
            if (position > before) {
                before = position;
                deadline = System.nanoTime() + SILENCE_MAX.toNanos();
                progress.at(partition.toString(), Math.min(position, to) - from, to - from);
            } else if (System.nanoTime() > deadline) {
                throw new KafkaException("expected records of " + partition + " up to offset " + to
                        + ", but none came after " + position + " for " + SILENCE_MAX.toSeconds() + " s");
            }
        }
    }

    /** Kafka complains of a consumer that is asked for partitions it does not have. */
    private static KafkaConsumer<byte[], byte[]> on(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        if (!consumer.assignment().equals(Set.of(partition))) {
            consumer.assign(List.of(partition));
        }
        return consumer;
    }

    @Override
    public void close() {
        committed.close();
        written.close();
    }
}
