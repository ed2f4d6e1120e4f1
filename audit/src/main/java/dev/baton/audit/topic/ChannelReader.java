package dev.baton.audit.topic;

import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

import dev.baton.audit.domain.Extent;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecordCodec;
import dev.baton.wire.channel.StoredRecord;

/** Reads one partition of both channels up to ends that are taken once, {@code .out} first: its turns consume what is on {@code .in}. */
public final class ChannelReader {
    private final TopicReader topics;
    private final TopicPartition in;
    private final TopicPartition out;
    private final Extent inExtent;
    private final Extent outExtent;

    private ChannelReader(TopicReader topics, TopicPartition in, TopicPartition out) {
        this.topics = topics;
        this.in = in;
        this.out = out;
        outExtent = extent(topics, out);
        inExtent = extent(topics, in);
    }

    public static ChannelReader of(TopicReader topics, int partition) {
        return new ChannelReader(topics, new TopicPartition(Channel.IN.topic(), partition),
                new TopicPartition(Channel.OUT.topic(), partition));
    }

    private static Extent extent(TopicReader topics, TopicPartition partition) {
        long begin = topics.begin(partition);
        long end = topics.committedEnd(partition);
        return new Extent(begin, end, begin == 0 ? 0 : topics.firstAtMs(partition, begin, end));
    }

    public Extent inExtent() {
        return inExtent;
    }

    public Extent outExtent() {
        return outExtent;
    }

    /** All records of both channels that arrived then or later, those of {@code .out} first. */
    public void readSince(long epochMs, Consumer<StoredRecord> sink) {
        read(Channel.OUT, out, outExtent, epochMs, sink);
        read(Channel.IN, in, inExtent, epochMs, sink);
    }

    private void read(Channel channel, TopicPartition partition, Extent extent, long sinceMs,
            Consumer<StoredRecord> sink) {
        long from = sinceMs <= 0 ? extent.begin() : Math.max(extent.begin(), topics.offsetAt(partition, sinceMs));
        topics.read(partition, from, extent.end(), record -> accept(channel, record, sink));
    }

    /** What is no record of ours is not shown to anybody, and is nothing to judge. */
    private static void accept(Channel channel, ConsumerRecord<byte[], byte[]> record, Consumer<StoredRecord> sink) {
        StoredRecord stored;
        try {
            stored = ChannelRecordCodec.read(channel, record);
        } catch (SerializationException e) {
            return;
        }
        sink.accept(stored);
    }
}
