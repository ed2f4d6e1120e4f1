package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.baton.ingress.log.ChannelLog;
import dev.baton.ingress.tail.LogScan;
import dev.baton.ingress.tail.PartitionTail;
import dev.baton.ingress.tail.TailEntry;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;

/** The tails of one channel at one ingress: the product's own, with rings so small that readers must catch up often. */
final class ChannelTails implements ChannelLog {
    private static final int RING_BYTES = 2_500;
    private static final int SCAN_ENTRIES = 7;
    private static final byte[] NO_JSON = new byte[0];

    private final Channel channel;
    private final List<LogPartition> partitions;
    private final List<PartitionTail> tails = new ArrayList<>();

    ChannelTails(World world, SimulatedProcess ingress, Channel channel, Runnable moved) {
        this.channel = channel;
        this.partitions = world.broker().topic(channel.topic());
        for (LogPartition partition : partitions) {
            LogReader reader = new LogReader(partition, partition.stableEnd());
            PartitionTail tail = new PartitionTail(RING_BYTES, reader.position(), from -> scan(partition, from),
                    Runnable::run);
            tails.add(tail);
            world.broker().follow(ingress, reader, 3, found -> {
                tail.append(found.stream().map(this::entry).toList(), reader.position());
                moved.run();
            });
        }
    }

    /** Whoever reads it looks the content up by its offset, so it is not encoded. */
    private TailEntry entry(LogEntry entry) {
        StoredRecord stored = entry.stored(channel);
        return new TailEntry(stored.key(), stored.offset(), stored.seq(), stored.timestampMs(),
                stored.writer().generation(), stored.fence(), stored.visible(), false, NO_JSON);
    }

    /** Whether a read that must see everything there is now can be served. */
    boolean caughtUp(SessionKey key) {
        return tail(key).position() >= end(key);
    }

    StoredRecord record(SessionKey key, TailEntry entry) {
        return partition(key).at(entry.offset()).stored(channel);
    }

    private LogPartition partition(SessionKey key) {
        return partitions.get(Broker.numberOf(key.toString()));
    }

    @Override
    public PartitionTail tail(SessionKey key) {
        return tails.get(Broker.numberOf(key.toString()));
    }

    @Override
    public long end(SessionKey key) {
        return partition(key).stableEnd();
    }

    @Override
    public long offsetAtTime(SessionKey key, long epochMs) {
        LogPartition partition = partition(key);
        long offset = 0;
        while (offset < partition.end() && partition.at(offset).timestampMs() < epochMs) {
            offset++;
        }
        return offset;
    }

    @Override
    public long start(SessionKey key) {
        return 0;
    }

    private LogScan.Cursor scan(LogPartition partition, long from) {
        LogReader reader = new LogReader(partition, from);
        return new LogScan.Cursor() {
            @Override
            public List<TailEntry> next(Set<SessionKey> wanted) {
                List<TailEntry> found = new ArrayList<>();
                for (int i = 0; i < SCAN_ENTRIES; i++) {
                    LogEntry next = reader.next();
                    if (next != null && wanted.contains(next.stored(channel).key())) {
                        found.add(entry(next));
                    }
                }
                return found;
            }

            @Override
            public long position() {
                return reader.position();
            }

            @Override
            public void close() {}
        };
    }
}
