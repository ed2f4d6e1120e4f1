package dev.baton.audit.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;

import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/**
 * Every message is settled, or it is known why not: a run is requested, at work or backing off, the session is closed or
 * has expired, or somebody has cancelled the run. The row is newer than the messages, and a message that is appended to a
 * session without a run writes the row: so the row tells of all of them.
 */
final class SettlementCheck {
    private SettlementCheck() {}

    static List<Finding> of(SessionEvidence evidence, OutLog log, long nowMs) {
        SessionRow row = evidence.row();
        SessionRunRow owner = ProvenanceCheck.ownerOf(row, evidence.runs());
        boolean ownerUnknown = row.generation() > 0 && owner == null;
        boolean cancelled = owner != null && owner.outcome() == RunOutcome.CANCELLED;
        if (row.closed() || row.expiredAt(nowMs + Extent.CLOCK_SLACK_MS) || row.runLive() || ownerUnknown
                || cancelled) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        LongSummaryStatistics waiting = evidence.in().stream().mapToLong(StoredRecord::seq)
                .filter(seq -> seq != StoredRecord.NO_SEQ && seq > row.settledInSeq()).summaryStatistics();
        if (waiting.getCount() > 0) {
            findings.add(new OwnershipFinding.MessagesUnsettled(waiting.getMin(), waiting.getMax(),
                    owner == null ? null : owner.runId(), owner == null ? null : owner.outcome()));
        }
        if (firstMessageWaits(evidence, log) && !mayHaveSettledIt(owner, evidence.readAtMs())) {
            findings.add(new OwnershipFinding.FirstMessageUnsettled(owner == null ? null : owner.runId(),
                    owner == null ? null : owner.outcome()));
        }
        return findings;
    }

    /** It is in the payload of the first run until a turn is settled, or until it goes to {@code .in} for a successor. */
    private static boolean firstMessageWaits(SessionEvidence evidence, OutLog log) {
        boolean settled = evidence.row().settledOutSeq() >= 0 || !log.shownTurns().isEmpty();
        return evidence.outComplete() && !settled && evidence.in().stream()
                .filter(record -> record.seq() == StoredRecord.NO_SEQ).anyMatch(first -> !requeued(first, evidence));
    }

    private static boolean requeued(StoredRecord first, SessionEvidence evidence) {
        return evidence.in().stream().anyMatch(record -> record.seq() != StoredRecord.NO_SEQ
                && record.record().body().equals(first.record().body()));
    }

    /**
     * A run may say itself that it has dealt with its message, which no topic shows. What ends while we read may write its
     * error turn behind the end that was taken before.
     */
    private static boolean mayHaveSettledIt(SessionRunRow owner, long readAtMs) {
        if (owner == null || owner.outcome() == null || owner.endedAt() == null) {
            return owner != null;
        }
        boolean justEnded = owner.endedAt() > readAtMs - Extent.CLOCK_SLACK_MS;
        return justEnded || switch (owner.outcome()) {
            case COMPLETED, FAILED, SUPERSEDED, CANCELLED -> true;
            case CRASHED, EXPIRED, TIMED_OUT -> false;
        };
    }
}
