package dev.baton.session.domain;

/**
 * How far the two channels of a session have come.
 *
 * @param lastInSeq highest {@code .in} seq given out, {@value #NONE} before the first
 * @param settledInSeq highest {@code .in} seq that was dealt with, {@value #NONE} before the first
 * @param settledOutSeq {@code .out} seq of the newest turn-complete, {@value #NONE} before the first
 * @param fenceOutSeq {@code .out} seq of the current generation's first fence, {@value #NONE} until it is known
 * @param floorOutSeq first {@code .out} seq that readers of the protocol still see
 */
public record SessionCursors(long lastInSeq, long settledInSeq, long settledOutSeq, long fenceOutSeq,
        long floorOutSeq) {
    public static final long NONE = -1;
    public static final SessionCursors START = new SessionCursors(NONE, NONE, NONE, NONE, 0);

    /** Seqs on {@code .in} are dense from 0 (contract §7.2). */
    long nextInSeq() {
        return lastInSeq + 1;
    }

    /** Whether something on {@code .in} still waits for an answer. */
    boolean unsettled() {
        return settledInSeq < lastInSeq;
    }

    SessionCursors appended(long seq) {
        return new SessionCursors(seq, settledInSeq, settledOutSeq, fenceOutSeq, floorOutSeq);
    }

    /** Cursors only rise: reports may be repeated and may overtake each other. */
    SessionCursors settled(long inSeq, long outSeq) {
        return new SessionCursors(lastInSeq, Math.max(settledInSeq, inSeq), Math.max(settledOutSeq, outSeq),
                fenceOutSeq, floorOutSeq);
    }

    /** Like {@link #settled}: the floor never falls. */
    SessionCursors trimmed(long outSeq) {
        return new SessionCursors(lastInSeq, settledInSeq, settledOutSeq, fenceOutSeq, Math.max(floorOutSeq, outSeq));
    }

    /** A new generation owns the session; where its fence lies is known when its run starts. */
    SessionCursors fenceAwaited() {
        return new SessionCursors(lastInSeq, settledInSeq, settledOutSeq, NONE, floorOutSeq);
    }

    /** A second attempt of the run writes a second fence of the same generation: the first one is what counts. */
    SessionCursors fenced(long outSeq) {
        return fenceOutSeq == NONE
                ? new SessionCursors(lastInSeq, settledInSeq, settledOutSeq, outSeq, floorOutSeq)
                : this;
    }
}
