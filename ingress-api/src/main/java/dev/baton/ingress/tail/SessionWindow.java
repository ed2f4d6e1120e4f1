package dev.baton.ingress.tail;

import java.util.ArrayDeque;
import java.util.Collection;

import dev.baton.wire.channel.FenceLevel;

/** The records of one session that are in the ring of its partition. Guarded by the tail's lock. */
final class SessionWindow {
    /** Never added to. */
    static final SessionWindow EMPTY = new SessionWindow();

    private final ArrayDeque<TailEntry> entries = new ArrayDeque<>();
    private final FenceLevel fences = new FenceLevel(0);
    private TailEntry newest;

    void add(TailEntry entry) {
        entries.addLast(entry);
        if (fences.admits(entry.fence(), entry.generation()) && entry.visible()) {
            newest = entry;
        }
    }

    void removeOldest() {
        entries.pollFirst();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    Collection<TailEntry> entries() {
        return entries;
    }

    /** The last record that readers see, null when there was none while this window lasted. */
    TailEntry newest() {
        return newest;
    }

    /** Whether the record with this seq, and so all after it, is here. Only for channels with dense seqs. */
    boolean reachesBackTo(long seq) {
        for (TailEntry entry : entries) {
            if (entry.visible()) {
                return entry.seq() <= seq;
            }
        }
        return false;
    }
}
