package dev.baton.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.snapshot.domain.OpenTurns;
import dev.baton.snapshot.domain.PartitionTurns;
import dev.baton.snapshot.domain.Watermark;
import dev.baton.snapshot.turn.SessionRows;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecordCodec;
import dev.baton.wire.channel.StoredRecord;

/**
 * Reads both session topics, cuts them into turns and feeds the queue. One thread owns the consumer and all turns.
 *
 * <p>Committed offsets are the low watermark: a kill at any moment means that open turns and unstored boundaries are read
 * again. A partition that is taken away takes its state with it; whoever gets it reads it again from the watermark.
 */
final class SnapshotLoop implements Runnable, ConsumerRebalanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotLoop.class);
    /** Also how long the answer of a worker may lie here. */
    private static final Duration POLL = Duration.ofMillis(25);
    private static final Duration COMMIT_EVERY = Duration.ofSeconds(1);
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private final BoundaryQueue queue;
    private final SessionRows rows;
    private final InstantSource clock;
    private final SnapshotterMetrics metrics;
    private final OpenTurns turns = new OpenTurns();
    private Map<TopicPartition, OffsetAndMetadata> committed = Map.of();
    private Instant nextCommit = Instant.MIN;
    private Instant nextSweep = Instant.MIN;
    private volatile boolean joined;
    private volatile boolean stopped;

    SnapshotLoop(Consumer<byte[], byte[]> consumer, BoundaryQueue queue, SessionRows rows, InstantSource clock,
            SnapshotterMetrics metrics) {
        this.consumer = consumer;
        this.queue = queue;
        this.rows = rows;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Whether this process has its share of the partitions, be it an empty one. */
    boolean joined() {
        return joined;
    }

    /** Ends the loop within a poll; the caller joins the thread. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try {
            consumer.subscribe(List.of(Channel.IN.topic(), Channel.OUT.topic()), this);
            while (!stopped) {
                round();
            }
        } catch (FencedInstanceIdException e) {
            LOG.error("another snapshotter runs with the same state folder: give each its own BATON_STATE_DIR", e);
        } catch (KafkaException e) {
            LOG.error("the snapshotter cannot go on; restart this process", e);
        } finally {
            joined = false;
            close();
        }
    }

    /** One poll and what follows from it. */
    void round() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        // Inputs first: then most boundaries of this poll need not wait for another one.
        records.records(Channel.IN.topic()).forEach(record -> read(Channel.IN, record));
        records.records(Channel.OUT.topic()).forEach(record -> read(Channel.OUT, record));
        try {
            positions();
            askForInEnds();
        } catch (RetriableException e) {
            LOG.debug("the broker did not tell its offsets yet: {}", e.toString());
        }
        for (PartitionTurns partition : turns.all()) {
            partition.takeReady()
                    .forEach(boundary -> queue.add(new BoundaryTask(partition.number(), boundary, clock.instant())));
        }
        queue.advance(turns);
        flowControl();
        housekeeping();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        for (int partition : numbers(assigned)) {
            TopicPartition out = new TopicPartition(Channel.OUT.topic(), partition);
            TopicPartition in = new TopicPartition(Channel.IN.topic(), partition);
            if (consumer.assignment().containsAll(List.of(in, out))) {
                turns.assign(partition, new Watermark(consumer.position(out), consumer.position(in)));
            }
        }
        joined = true;
        LOG.info("serving partitions {}", numbers(consumer.assignment()));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        if (!revoked.isEmpty()) {
            commitNow();
            drop(revoked);
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
        drop(lost);
    }

    private void drop(Collection<TopicPartition> gone) {
        for (int partition : numbers(gone)) {
            turns.revoke(partition);
            queue.revoke(partition);
        }
        committed = Map.of();
    }

    private void read(Channel channel, ConsumerRecord<byte[], byte[]> record) {
        if (turns.partition(record.partition()) == null) {
            // Without the other topic of the pair; nothing is committed, so it is read again with it.
            return;
        }
        try {
            StoredRecord stored = ChannelRecordCodec.read(channel, record);
            if (Names.namesSideChannel(stored.key().chatId())) {
                // Beside the conversation: it has no turns and no history.
                return;
            }
            switch (channel) {
                case IN -> turns.in(record.partition(), stored);
                case OUT -> turns.out(record.partition(), stored);
            }
        } catch (SerializationException e) {
            metrics.unreadableRecord();
            LOG.warn("skipping a record that is not readable: {}", e.getMessage());
        }
    }

    private void positions() {
        for (PartitionTurns partition : turns.all()) {
            partition.positions(consumer.position(topic(Channel.OUT, partition), CALL_TIMEOUT),
                    consumer.position(topic(Channel.IN, partition), CALL_TIMEOUT));
        }
    }

    private void askForInEnds() {
        List<PartitionTurns> asking = turns.all().stream().filter(PartitionTurns::needsInEnd).toList();
        if (!asking.isEmpty()) {
            Map<TopicPartition, Long> ends = consumer
                    .endOffsets(asking.stream().map(partition -> topic(Channel.IN, partition)).toList(), CALL_TIMEOUT);
            asking.forEach(partition -> partition.inEnd(ends.get(topic(Channel.IN, partition))));
        }
    }

    /** Too many boundaries wait: no new ones are read. Inputs go on, the waiting ones may need them. */
    private void flowControl() {
        Predicate<TopicPartition> isOut = partition -> partition.topic().equals(Channel.OUT.topic());
        boolean paused = consumer.paused().stream().anyMatch(isOut);
        List<TopicPartition> out = consumer.assignment().stream().filter(isOut).toList();
        if (queue.full() && !paused) {
            LOG.warn("reading no more turns until the object store has taken some: pending={}", queue.size());
            consumer.pause(out);
        } else if (paused && queue.size() < BoundaryQueue.PENDING_MAX / 2) {
            consumer.resume(out);
        }
    }

    private void housekeeping() {
        Instant now = clock.instant();
        if (now.isAfter(nextSweep)) {
            nextSweep = now.plus(SWEEP_EVERY);
            turns.all().forEach(
                    partition -> partition.sweep(key -> rows.row(key).orElse(null), now.toEpochMilli()));
        }
        if (now.isAfter(nextCommit)) {
            nextCommit = now.plus(COMMIT_EVERY);
            metrics.levels(queue.size(), turns.bytes(), turns.all().stream().mapToLong(PartitionTurns::dropped).sum());
            commitLater();
        }
    }

    private void commitLater() {
        Map<TopicPartition, OffsetAndMetadata> watermarks = watermarks();
        if (!watermarks.equals(committed)) {
            committed = watermarks;
            consumer.commitAsync(watermarks, (offsets, failure) -> {
                if (failure != null) {
                    // The next one says the same or more; until then a restart reads more than it must.
                    LOG.debug("offsets are not committed yet: {}", failure.toString());
                    committed = Map.of();
                }
            });
        }
    }

    private void commitNow() {
        try {
            consumer.commitSync(watermarks(), CLOSE_TIMEOUT);
        } catch (KafkaException e) {
            LOG.info("offsets are not committed, the next owner reads more than it must: {}", e.toString());
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> watermarks() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (PartitionTurns partition : turns.all()) {
            Watermark watermark = partition.watermark();
            offsets.put(topic(Channel.OUT, partition), new OffsetAndMetadata(watermark.out()));
            offsets.put(topic(Channel.IN, partition), new OffsetAndMetadata(watermark.in()));
        }
        return offsets;
    }

    private void close() {
        try {
            // Revokes and so commits. Leaving lets the others take over at once instead of after the session timeout.
            consumer.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                    .withTimeout(CLOSE_TIMEOUT));
        } catch (KafkaException e) {
            LOG.info("the consumer did not close cleanly: {}", e.toString());
        }
    }

    private static TopicPartition topic(Channel channel, PartitionTurns partition) {
        return new TopicPartition(channel.topic(), partition.number());
    }

    private static Collection<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }
}
