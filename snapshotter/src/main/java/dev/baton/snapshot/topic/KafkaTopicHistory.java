package dev.baton.snapshot.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

import dev.baton.snapshot.turn.StoreException;
import dev.baton.snapshot.turn.TopicHistory;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecordCodec;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.SessionKey;

/** Re-reads a range with a consumer of its own: rare, so nothing is kept open. Any thread. */
public final class KafkaTopicHistory implements TopicHistory {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    /** A reader that gets nothing for this long gives up; the boundary is tried again. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(10);

    private final Settings settings;

    public KafkaTopicHistory(Settings settings) {
        this.settings = settings;
    }

    @Override
    public List<StoredRecord> out(int partition, SessionKey key, long from, long to) {
        return with(Channel.OUT, partition, (consumer, topic) -> range(consumer, topic, key, from, to));
    }

    @Override
    public List<StoredRecord> in(int partition, SessionKey key, long sinceMs) {
        return with(Channel.IN, partition, (consumer, topic) -> range(consumer, topic, key,
                offsetAt(consumer, topic, sinceMs), consumer.endOffsets(List.of(topic), CALL_TIMEOUT).get(topic)));
    }

    @Override
    public long outOffsetAt(int partition, long sinceMs) {
        return with(Channel.OUT, partition, (consumer, topic) -> offsetAt(consumer, topic, sinceMs));
    }

    private interface Reading<T> {
        T read(KafkaConsumer<byte[], byte[]> consumer, TopicPartition topic);
    }

    private <T> T with(Channel channel, int partition, Reading<T> reading) {
        TopicPartition topic = new TopicPartition(channel.topic(), partition);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(KafkaConfigs.reader(settings))) {
            consumer.assign(List.of(topic));
            return reading.read(consumer, topic);
        } catch (KafkaException e) {
            throw new StoreException("expected to read " + topic + " again, but: " + e.getMessage(), e);
        }
    }

    private static long offsetAt(KafkaConsumer<byte[], byte[]> consumer, TopicPartition topic, long sinceMs) {
        OffsetAndTimestamp found = consumer.offsetsForTimes(Map.of(topic, Math.max(0, sinceMs)), CALL_TIMEOUT)
                .get(topic);
        return found == null ? consumer.endOffsets(List.of(topic), CALL_TIMEOUT).get(topic) : found.offset();
    }

    private static List<StoredRecord> range(KafkaConsumer<byte[], byte[]> consumer, TopicPartition topic,
            SessionKey key, long from, long to) {
        List<StoredRecord> found = new ArrayList<>();
        consumer.seek(topic, from);
        long deadline = System.nanoTime() + SILENCE_MAX.toNanos();
        long before = from;
        while (consumer.position(topic, CALL_TIMEOUT) < to) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < to) {
                    read(record).filter(stored -> stored.key().equals(key)).ifPresent(found::add);
                }
            }
            long position = consumer.position(topic, CALL_TIMEOUT);
            if (position > before) {
                before = position;
                deadline = System.nanoTime() + SILENCE_MAX.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new StoreException(
                        "expected records of " + topic + " up to offset " + to + ", but none came after "
                                + position + " for " + SILENCE_MAX.toSeconds() + " s",
                        null);
            }
        }
        return found;
    }

    private static Optional<StoredRecord> read(ConsumerRecord<byte[], byte[]> record) {
        Channel channel = record.topic().equals(Channel.IN.topic()) ? Channel.IN : Channel.OUT;
        try {
            return Optional.of(ChannelRecordCodec.read(channel, record));
        } catch (SerializationException e) {
            // Counted and logged when it was first read.
            return Optional.empty();
        }
    }
}
