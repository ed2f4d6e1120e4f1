package dev.baton.audit.domain;

import dev.baton.wire.session.SessionRunRow;

/**
 * The time that somebody asks about. A session belongs to it when something of it happened in this time, and is then
 * checked as a whole.
 *
 * @param fromMs epoch milliseconds, inclusive
 * @param toMs epoch milliseconds, exclusive
 */
public record AuditWindow(long fromMs, long toMs) {
    public static final AuditWindow ALWAYS = new AuditWindow(Long.MIN_VALUE, Long.MAX_VALUE);

    public boolean contains(long epochMs) {
        return epochMs >= fromMs && epochMs < toMs;
    }

    /** Whether the run was requested, at work or over in this time. */
    public boolean touches(SessionRunRow run) {
        return run.requestedAt() < toMs && (run.endedAt() == null || run.endedAt() >= fromMs);
    }

    public boolean touches(SessionEvidence evidence) {
        return equals(ALWAYS) || evidence.runs().stream().anyMatch(this::touches)
                || evidence.in().stream().anyMatch(record -> contains(record.timestampMs()))
                || evidence.out().stream().anyMatch(record -> contains(record.timestampMs()));
    }
}
