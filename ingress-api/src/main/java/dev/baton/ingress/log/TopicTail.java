package dev.baton.ingress.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.ingress.tail.PartitionTail;
import dev.baton.ingress.tail.TailEntry;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.SessionKey;

/**
 * Tails one session topic with one thread and one consumer, and feeds the tails of its partitions. It begins at the
 * end: what is older is read again on demand. Nothing is lost when we die here, the next process begins at its own end.
 */
public final class TopicTail implements ChannelLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration STOP = Duration.ofSeconds(1);
    /** A person waits for each token: the broker answers at the first byte, this only bounds an idle request. */
    private static final int FETCH_WAIT_MAX_MS = 500;

    private final Channel channel;
    private final LogOffsets offsets;
    private final Partitioner partitioner;
    private final RecordDecoder decoder;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final List<PartitionTail> tails;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean failed;

    private TopicTail(Channel channel, Settings settings, LogOffsets offsets, Executor scans, MeterRegistry registry) {
        this.channel = channel;
        this.offsets = offsets;
        this.partitioner = new Partitioner(settings.number(Setting.PARTITIONS));
        this.decoder = new RecordDecoder(channel, registry);
        this.partitions = IntStream.range(0, partitioner.partitions())
                .mapToObj(number -> new TopicPartition(channel.topic(), number)).toList();
        Map<String, Object> config = KafkaConfigs.reader(settings);
        this.consumer = new KafkaConsumer<>(tailConfig(config));
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        this.tails = partitions.stream()
                .map(partition -> new PartitionTail(settings.number(Setting.RING_BYTES), consumer.position(partition),
                        new KafkaLogScan(partition, config, decoder), scans))
                .toList();
        this.thread = Thread.ofPlatform().name("ingress-tail-" + channel.wireName()).unstarted(this::run);
        Gauge.builder("baton.ingress.readers", tails, all -> all.stream().mapToInt(PartitionTail::subscriptions).sum())
                .tag("channel", channel.wireName()).description("Streams that are open now").register(registry);
    }

    /**
     * Positions the tail at the end of every partition before it returns.
     *
     * @param scans runs catch-up passes, one thread for each
     */
    public static TopicTail start(Channel channel, Settings settings, LogOffsets offsets, Executor scans,
            MeterRegistry registry) {
        TopicTail tail = new TopicTail(channel, settings, offsets, scans, registry);
        tail.thread.start();
        return tail;
    }

    private static Map<String, Object> tailConfig(Map<String, Object> reader) {
        Map<String, Object> config = new java.util.HashMap<>(reader);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MAX_MS);
        return config;
    }

    public boolean live() {
        return !failed;
    }

    @Override
    public PartitionTail tail(SessionKey key) {
        return tails.get(partitioner.partition(key));
    }

    @Override
    public long end(SessionKey key) {
        return offsets.end(partition(key));
    }

    @Override
    public long offsetAtTime(SessionKey key, long epochMs) {
        return offsets.atTime(partition(key), epochMs);
    }

    @Override
    public long start(SessionKey key) {
        return offsets.start(partition(key));
    }

    private TopicPartition partition(SessionKey key) {
        return partitions.get(partitioner.partition(key));
    }

    private void run() {
        try (consumer) {
            while (!stopping) {
                feed(consumer.poll(POLL));
            }
        } catch (WakeupException _) {
            LOG.debug("tail stopped, channel={}", channel.wireName());
        } catch (RuntimeException e) {
            failed = true;
            LOG.error("tail failed, the process must be restarted, channel={}", channel.wireName(), e);
            endAll("the server cannot read its log");
        }
    }

    /** Positions move past commit markers too, which are no records: readers that wait for an offset rely on it. */
    private void feed(ConsumerRecords<byte[], byte[]> records) {
        for (int number = 0; number < tails.size(); number++) {
            TopicPartition partition = partitions.get(number);
            List<TailEntry> entries = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                decoder.decode(record).ifPresent(entries::add);
            }
            tails.get(number).append(entries, consumer.position(partition));
        }
    }

    /** Ends all readers with this reason; their clients come back by cursor. */
    public void endAll(String reason) {
        tails.forEach(tail -> tail.endAll(reason));
    }

    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        try {
            thread.join(STOP);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
