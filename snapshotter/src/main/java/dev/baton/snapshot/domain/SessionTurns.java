package dev.baton.snapshot.domain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.history.Boundary;

/** What one session still needs: records of its open turn and turns that are over but not stored yet. */
final class SessionTurns {
    private static final long NOTHING = Long.MAX_VALUE;
    /** Heap of a stored record beside its text: objects, references, key. An estimate. */
    private static final int RECORD_OVERHEAD_BYTES = 256;

    private final List<StoredRecord> out = new ArrayList<>();
    private final List<StoredRecord> in = new ArrayList<>();
    private final Deque<Boundary> boundaries = new ArrayDeque<>();
    private long neededFrom = NOTHING;
    private long coveredFrom;
    private long lastInSeen = StoredRecord.NO_SEQ;
    private final MemoryUse memory;
    private long bytes;

    SessionTurns(MemoryUse memory) {
        this.memory = memory;
    }

    void in(StoredRecord record) {
        in.add(record);
        lastInSeen = Math.max(lastInSeen, record.seq());
        count(size(record));
    }

    void out(StoredRecord record) {
        need(record.offset());
        out.add(record);
        count(size(record));
    }

    /** A fence matters only to a turn that is open; it alone is no reason to read the topic again. */
    void fence(StoredRecord record) {
        if (neededFrom != NOTHING) {
            out.add(record);
            count(size(record));
        }
    }

    void boundary(Boundary boundary) {
        need(boundary.outSeq());
        boundaries.add(boundary);
    }

    /** Whether the inputs of the boundary are here as far as they came in one piece with the ones before. */
    boolean hasInputsOf(Boundary boundary) {
        return boundary.inSeq() >= 0 && lastInSeen >= boundary.inSeq();
    }

    FinishedTurn finished(Boundary boundary, int partition) {
        List<StoredRecord> upTo = out.stream().filter(record -> record.offset() < boundary.outSeq()).toList();
        return new FinishedTurn(boundary, partition, Math.min(neededFrom, boundary.outSeq()), coveredFrom, upTo, in);
    }

    /** The boundary and all before it are stored, or will never be. */
    void done(Boundary boundary) {
        boundaries.removeIf(before -> before.outSeq() <= boundary.outSeq());
        out.removeIf(record -> forget(record, record.offset() <= boundary.outSeq()));
        in.removeIf(record -> forget(record, record.seq() <= boundary.inSeq()));
        neededFrom = Math.min(out.stream().mapToLong(StoredRecord::offset).min().orElse(NOTHING),
                boundaries.stream().mapToLong(Boundary::outSeq).min().orElse(NOTHING));
        if (coveredFrom > boundary.outSeq() + 1) {
            // Records after the boundary were given up as well: they must be read again from the boundary on.
            neededFrom = Math.min(neededFrom, boundary.outSeq() + 1);
        }
    }

    /** It was no boundary: its writer had lost the session. */
    void voided(Boundary boundary) {
        boundaries.remove(boundary);
    }

    /** Inputs that a reported turn consumed are of no use any more, unless a boundary still waits for them. */
    void settled(long settledInSeq) {
        if (boundaries.isEmpty()) {
            in.removeIf(record -> forget(record, record.seq() != StoredRecord.NO_SEQ && record.seq() <= settledInSeq));
        }
    }

    /** Gives up the records in memory; the turn's range will be read from the topic when it is over. */
    void overflow(long nextOutOffset) {
        out.clear();
        in.clear();
        count(-bytes);
        coveredFrom = nextOutOffset;
    }

    /** Forgets inputs that came before this offset; whoever misses them reads the topic again. */
    void forgetInBefore(long offset) {
        in.removeIf(record -> forget(record, record.offset() < offset));
    }

    /** Whether a boundary is not stored yet. */
    boolean waits() {
        return !boundaries.isEmpty();
    }

    boolean isEmpty() {
        return neededFrom == NOTHING && in.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    long neededOut() {
        return neededFrom;
    }

    long neededIn() {
        return in.isEmpty() ? NOTHING : in.getFirst().offset();
    }

    private void need(long offset) {
        if (neededFrom == NOTHING) {
            neededFrom = offset;
            coveredFrom = offset;
        }
    }

    private boolean forget(StoredRecord record, boolean forgotten) {
        if (forgotten) {
            count(-size(record));
        }
        return forgotten;
    }

    private void count(long change) {
        bytes += change;
        memory.add(change);
    }

    private static long size(StoredRecord record) {
        return record.record().meteredBytes() + RECORD_OVERHEAD_BYTES;
    }
}
