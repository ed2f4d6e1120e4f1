package dev.baton.ingress.log;

import java.util.Optional;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.ingress.tail.TailEntry;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecordCodec;

/** Reads records of one channel; one that is not ours is skipped and counted, so that it blocks nobody. */
final class RecordDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(RecordDecoder.class);

    private final Channel channel;
    private final Counter skipped;

    RecordDecoder(Channel channel, MeterRegistry registry) {
        this.channel = channel;
        this.skipped = Counter.builder("baton.ingress.records.skipped").tag("channel", channel.wireName())
                .description("Records of a session topic that are not in our format").register(registry);
    }

    Optional<TailEntry> decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(TailEntry.of(ChannelRecordCodec.read(channel, record)));
        } catch (SerializationException e) {
            skipped.increment();
            LOG.warn("skipped a record that cannot be read, topic={} partition={} offset={}: {}", record.topic(),
                    record.partition(), record.offset(), e.getMessage());
            return Optional.empty();
        }
    }
}
