package dev.baton.snapshot.domain;

import dev.baton.wire.session.SessionRow;

/**
 * What the snapshotter needs of a session's row.
 *
 * @param sessionId friendly id, part of the object's name
 * @param createdAt epoch milliseconds
 * @param settledInSeq highest {@code .in} seq that a completed turn has consumed, −1 when there is none
 * @param settledOutSeq seq of the newest turn-complete that was reported, −1 when there is none
 * @param fenceOutSeq seq of the fence of {@code generation}, −1 until it is known
 * @param closedAt epoch milliseconds, null while the session is open
 * @param keptByAgent whether the agent keeps the history itself
 * @param deletedAt epoch milliseconds, null while it was not deleted
 */
public record SessionFacts(String sessionId, long createdAt, long settledInSeq, long settledOutSeq, long generation,
        long fenceOutSeq, Long closedAt, boolean keptByAgent, Long deletedAt) {
    public static SessionFacts of(SessionRow row) {
        return new SessionFacts(row.id(), row.createdAt(), row.settledInSeq(), row.settledOutSeq(), row.generation(),
                row.fenceOutSeq(), row.closedAt(), row.keptByAgent(), row.deletedAt());
    }

    public boolean deleted() {
        return deletedAt != null;
    }

    /** Whether this writer had lost the session when the record at this seq was written (design D5). */
    public boolean voids(long writerGeneration, long outSeq) {
        return writerGeneration > 0 && writerGeneration < generation && fenceOutSeq >= 0 && outSeq > fenceOutSeq;
    }
}
