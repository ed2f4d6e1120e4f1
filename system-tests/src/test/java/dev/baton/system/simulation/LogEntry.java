package dev.baton.system.simulation;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecordCodec;
import dev.baton.wire.channel.StoredRecord;

/** A record in a partition, or the marker that ends a transaction there. */
final class LogEntry {
    private final LogPartition partition;
    private final long offset;
    private final long timestampMs;
    private final String key;
    private final Object value;
    private final Headers headers;
    private final Transaction transaction;
    private StoredRecord stored;

    LogEntry(LogPartition partition, long offset, long timestampMs, String key, Object value, Headers headers,
            Transaction transaction) {
        this.partition = partition;
        this.offset = offset;
        this.timestampMs = timestampMs;
        this.key = key;
        this.value = value;
        this.headers = headers;
        this.transaction = transaction;
    }

    /** Takes an offset and is no record. */
    static LogEntry marker(LogPartition partition, long offset, long timestampMs) {
        return new LogEntry(partition, offset, timestampMs, null, null, null, null);
    }

    long offset() {
        return offset;
    }

    long timestampMs() {
        return timestampMs;
    }

    String key() {
        return key;
    }

    Object value() {
        return value;
    }

    /** Whether its fate is known. */
    boolean decided() {
        return transaction == null || transaction.over();
    }

    /** Whether those who read committed see it. */
    boolean readable() {
        return key != null && (transaction == null || transaction.committed());
    }

    /** The record of a channel, as the codec reads it. */
    StoredRecord stored(Channel channel) {
        if (stored == null) {
            stored = ChannelRecordCodec.read(channel, new ConsumerRecord<>(partition.topic(), partition.number(),
                    offset, timestampMs, TimestampType.LOG_APPEND_TIME, 0, 0, key.getBytes(StandardCharsets.UTF_8),
                    bytes(), headers == null ? new RecordHeaders() : headers, Optional.empty()));
        }
        return stored;
    }

    private byte[] bytes() {
        return value instanceof byte[] bytes ? bytes : ((String) value).getBytes(StandardCharsets.UTF_8);
    }
}
