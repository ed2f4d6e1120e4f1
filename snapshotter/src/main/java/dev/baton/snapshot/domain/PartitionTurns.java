package dev.baton.snapshot.domain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.session.SessionKey;

/**
 * Cuts one partition of both session topics into turns. Owned by one thread.
 *
 * <p>A boundary becomes ready when the inputs it consumed are here. The two topics are read independently, so a boundary
 * may be seen first; it is held until its seq has been read or the reader has passed the end that {@code .in} had after
 * the boundary was seen: whatever a turn consumed was committed before the turn could complete.
 *
 * <p>If we die, memory is gone and both topics are read again from the {@link #watermark}: the first offsets that an open
 * turn or an unstored boundary still needs.
 */
public final class PartitionTurns {
    /**
     * Inputs that wait for a turn longer than this many offsets are forgotten, so that a session nobody ever answers does
     * not hold back the watermark. {@code .in} is dense, so a turn notices what it misses and reads it from the topic.
     */
    static final long IN_SPAN_MAX = 100_000;
    /** A closed session's unfinished turn may still end within this time, in milliseconds. */
    static final long CLOSED_GRACE_MS = 3_600_000;
    /**
     * A fence this young is read again after a restart, so that a void record that slipped past an ingress with an old
     * view of the session still meets it. In milliseconds of the topic's own time.
     */
    static final long FENCE_HOLD_MS = 60_000;
    private static final long UNKNOWN = -1;

    /** A boundary whose inputs may not have been read. {@code inEnd}: where .in ended after it was seen. */
    private static final class Held {
        private final Boundary boundary;
        private long inEnd = UNKNOWN;

        private Held(Boundary boundary) {
            this.boundary = boundary;
        }
    }

    private final int partition;
    private final MemoryUse memory;
    private final Map<SessionKey, SessionTurns> sessions = new HashMap<>();
    private final List<Held> held = new ArrayList<>();
    private final FenceFilter fences = new FenceFilter();
    private final Deque<StoredRecord> youngFences = new ArrayDeque<>();
    private long outNext;
    private long inNext;
    private long dropped;

    PartitionTurns(int partition, Watermark start, MemoryUse memory) {
        this.partition = partition;
        this.memory = memory;
        outNext = start.out();
        inNext = start.in();
    }

    public int number() {
        return partition;
    }

    public void in(StoredRecord record) {
        inNext = record.offset() + 1;
        session(record.key()).in(record);
    }

    public void out(StoredRecord record) {
        outNext = record.offset() + 1;
        while (!youngFences.isEmpty() && youngFences.getFirst().timestampMs() + FENCE_HOLD_MS < record.timestampMs()) {
            youngFences.removeFirst();
        }
        if (!fences.accepts(record)) {
            dropped++;
            return;
        }
        if (record.isFence()) {
            youngFences.add(record);
            SessionTurns open = sessions.get(record.key());
            if (open != null) {
                open.fence(record);
            }
            return;
        }
        Boundary.of(record).ifPresentOrElse(boundary -> {
            session(record.key()).boundary(boundary);
            held.add(new Held(boundary));
        }, () -> chunk(record));
    }

    /** Next offsets to read: they also move past aborted transactions and markers, which are no records. */
    public void positions(long out, long in) {
        outNext = Math.max(outNext, out);
        inNext = Math.max(inNext, in);
    }

    /** Whether the end of {@code .in} must be asked for before a boundary can be ready. */
    public boolean needsInEnd() {
        return held.stream().anyMatch(waiting -> waiting.inEnd == UNKNOWN && !complete(waiting));
    }

    /** @param end the offset after the last committed record of {@code .in}, asked for just now */
    public void inEnd(long end) {
        held.stream().filter(waiting -> waiting.inEnd == UNKNOWN).forEach(waiting -> waiting.inEnd = end);
    }

    /** Boundaries that are ready since the last call, in order. Those of one session must be stored in this order. */
    public List<Boundary> takeReady() {
        List<Boundary> ready = new ArrayList<>();
        for (Iterator<Held> waiting = held.iterator(); waiting.hasNext();) {
            Held next = waiting.next();
            if (complete(next)) {
                ready.add(next.boundary);
                waiting.remove();
            }
        }
        return ready;
    }

    public FinishedTurn finished(Boundary boundary) {
        return session(boundary.key()).finished(boundary, partition);
    }

    public void done(Boundary boundary) {
        session(boundary.key()).done(boundary);
        removeIfEmpty(boundary.key());
    }

    public void voided(Boundary boundary) {
        session(boundary.key()).voided(boundary);
    }

    /** Lets go of what can never belong to a turn any more, so that the watermark moves. */
    public void sweep(Function<SessionKey, SessionFacts> rows, long nowMs) {
        sessions.forEach((key, session) -> {
            SessionFacts facts = rows.apply(key);
            session.forgetInBefore(inNext - IN_SPAN_MAX);
            if (facts != null) {
                session.settled(facts.settledInSeq());
            }
        });
        sessions.entrySet().removeIf(entry -> {
            SessionTurns session = entry.getValue();
            boolean over = isOver(rows.apply(entry.getKey()), nowMs) && !session.waits();
            if (over) {
                memory.add(-session.bytes());
            }
            return over || session.isEmpty();
        });
    }

    public Watermark watermark() {
        long out = youngFences.isEmpty() ? outNext : youngFences.getFirst().offset();
        long in = inNext;
        for (SessionTurns session : sessions.values()) {
            out = Math.min(out, session.neededOut());
            in = Math.min(in, session.neededIn());
        }
        return new Watermark(out, in);
    }

    /** Records dropped because their writer had lost the session. */
    public long dropped() {
        return dropped;
    }

    /** Gives up all memory: the partition is served elsewhere. */
    void release() {
        sessions.values().forEach(session -> memory.add(-session.bytes()));
        sessions.clear();
    }

    /** Bytes of the session that holds most. */
    long largestBytes() {
        return sessions.values().stream().mapToLong(SessionTurns::bytes).max().orElse(0);
    }

    /** Gives up the memory of every session that holds at least this much. */
    void overflow(long bytesMin) {
        sessions.values().stream().filter(session -> session.bytes() >= bytesMin)
                .forEach(session -> session.overflow(outNext));
    }

    long bytesOf(SessionKey key) {
        SessionTurns session = sessions.get(key);
        return session == null ? 0 : session.bytes();
    }

    private void chunk(StoredRecord record) {
        if (record.record().headers().isEmpty()) {
            session(record.key()).out(record);
        }
    }

    private boolean complete(Held waiting) {
        return waiting.inEnd != UNKNOWN && inNext >= waiting.inEnd
                || session(waiting.boundary.key()).hasInputsOf(waiting.boundary);
    }

    private static boolean isOver(SessionFacts facts, long nowMs) {
        return facts != null && (facts.deleted()
                || facts.closedAt() != null && facts.closedAt() + CLOSED_GRACE_MS < nowMs);
    }

    private SessionTurns session(SessionKey key) {
        return sessions.computeIfAbsent(key, unseen -> new SessionTurns(memory));
    }

    private void removeIfEmpty(SessionKey key) {
        sessions.computeIfPresent(key, (same, session) -> session.isEmpty() ? null : session);
    }
}
