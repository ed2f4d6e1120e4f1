package dev.baton.snapshot.turn;

import java.util.List;

import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;

/** Reads a session's records from the topics again, for what memory does not hold. Slow: it scans the partition. */
public interface TopicHistory {
    /**
     * The {@code .out} records with an offset in {@code [from, to)} as they lie there, void ones included.
     *
     * @throws StoreException when the broker does not answer
     */
    List<StoredRecord> out(int partition, SessionKey key, long from, long to);

    /**
     * The {@code .in} records that arrived at {@code sinceMs} or later, the first-turn message included.
     *
     * @throws StoreException when the broker does not answer
     */
    List<StoredRecord> in(int partition, SessionKey key, long sinceMs);

    /** Offset of the first {@code .out} record that arrived at {@code sinceMs} or later. */
    long outOffsetAt(int partition, long sinceMs);
}
