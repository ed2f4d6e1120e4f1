package dev.baton.wire.session;

import java.time.Duration;
import java.util.List;

/**
 * What everybody may know of a wait: a run that was suspended until the next record of a channel (contract §3). The value
 * of topic {@code baton.waits}, written in the transaction that registers the wait and in the one that completes it.
 * Times are epoch milliseconds, null means absent.
 *
 * @param v format version of this row, {@value #FORMAT}
 * @param waitpointId {@code waitpoint_…}
 * @param chatId of the session whose channel is waited on
 * @param io {@code in} or {@code out}
 * @param runId the run that waits
 * @param timeoutAt when the wait is over without a record; null for never
 * @param completedAt null while nothing has come
 * @param seq of the record that completed it, null while nothing has come
 */
public record WaitRow(int v, String waitpointId, String environmentId, String chatId, String io, String runId,
        List<String> tags, long createdAt, Long timeoutAt, Long completedAt, Long seq) {
    public static final int FORMAT = 1;
    /** A wait without a time-out is given up after this (contract §3.3). */
    private static final Duration LONGEST = Duration.ofDays(7);

    /** What a wait can be. */
    public enum Status {
        WAITING,
        COMPLETED,
        TIMED_OUT
    }

    /** Timing out is no event: like the expiry of a session it follows from the clock. */
    public Status statusAt(long nowMs) {
        if (completedAt != null) {
            return Status.COMPLETED;
        }
        return overAt() <= nowMs ? Status.TIMED_OUT : Status.WAITING;
    }

    /** When nobody waits any more, whatever comes: its time-out, or long after its registration. */
    public long overAt() {
        long givenUpAt = createdAt + LONGEST.toMillis();
        return timeoutAt == null ? givenUpAt : Math.min(timeoutAt, givenUpAt);
    }

    /** The same wait with the record it was waiting for. */
    public WaitRow completed(long withSeq, long at) {
        return new WaitRow(v, waitpointId, environmentId, chatId, io, runId, tags, createdAt, timeoutAt, at, withSeq);
    }

    public SessionKey key() {
        return new SessionKey(environmentId, chatId);
    }
}
