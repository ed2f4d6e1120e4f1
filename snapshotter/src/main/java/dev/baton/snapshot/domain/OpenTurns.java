package dev.baton.snapshot.domain;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

import dev.baton.wire.channel.StoredRecord;

/** The turns of all partitions this process serves, within one bound of memory. Owned by one thread. */
public final class OpenTurns {
    /** One session's open turn: more is read from the topic again when the turn is over. */
    public static final long SESSION_BYTES_MAX = 8L * 1024 * 1024;
    /** All sessions together; beyond it the largest ones give their memory up. */
    public static final long TOTAL_BYTES_MAX = 64L * 1024 * 1024;

    private final long sessionBytesMax;
    private final long totalBytesMax;
    private final MemoryUse memory = new MemoryUse();
    private final Map<Integer, PartitionTurns> partitions = new TreeMap<>();

    public OpenTurns() {
        this(SESSION_BYTES_MAX, TOTAL_BYTES_MAX);
    }

    OpenTurns(long sessionBytesMax, long totalBytesMax) {
        this.sessionBytesMax = sessionBytesMax;
        this.totalBytesMax = totalBytesMax;
    }

    /** @param start where both topics of the partition are read from */
    public void assign(int partition, Watermark start) {
        partitions.put(partition, new PartitionTurns(partition, start, memory));
    }

    /** Another process serves the partition now; it reads everything it needs again. */
    public void revoke(int partition) {
        PartitionTurns served = partitions.remove(partition);
        if (served != null) {
            served.release();
        }
    }

    /** Null when the partition is not served here. */
    public PartitionTurns partition(int partition) {
        return partitions.get(partition);
    }

    public Collection<PartitionTurns> all() {
        return partitions.values();
    }

    public void in(int partition, StoredRecord record) {
        PartitionTurns turns = partitions.get(partition);
        turns.in(record);
        bound(turns, record);
    }

    public void out(int partition, StoredRecord record) {
        PartitionTurns turns = partitions.get(partition);
        turns.out(record);
        bound(turns, record);
    }

    public long bytes() {
        return memory.bytes();
    }

    private void bound(PartitionTurns turns, StoredRecord record) {
        if (turns.bytesOf(record.key()) > sessionBytesMax) {
            turns.overflow(turns.bytesOf(record.key()));
        }
        if (bytes() > totalBytesMax) {
            PartitionTurns fullest = partitions.values().stream()
                    .max(Comparator.comparingLong(PartitionTurns::largestBytes)).orElse(turns);
            fullest.overflow(fullest.largestBytes());
        }
    }
}
