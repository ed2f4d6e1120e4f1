package dev.baton.audit.domain;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.history.TurnFold;

/**
 * The snapshot of a session is the fold of the topics up to its cursors, and it is not behind the settled turn: the
 * snapshotter stores a turn before it reports it.
 */
final class SnapshotCheck {
    /**
     * @param state for people and dashboards: {@code same}, {@code none}, {@code agent-owned} …
     * @param notCompared why the object was not held against the fold, null when it was or when there was nothing to hold
     */
    record Result(String state, String notCompared, List<Finding> findings) {
        private static Result found(Finding finding) {
            return new Result(finding.kind().substring("snapshot-".length()), null, List.of(finding));
        }

        private static Result notCompared(String why) {
            return new Result("not-compared", why, List.of());
        }
    }

    private SnapshotCheck() {}

    static Result of(SessionEvidence evidence, OutLog log, StoredSnapshot stored) {
        long settled = evidence.row().settledOutSeq();
        if (evidence.row().keptByAgent()) {
            return new Result("agent-owned", null, List.of());
        }
        return switch (stored) {
            case StoredSnapshot.Absent(String object) when settled >= 0 ->
                Result.found(new SnapshotFinding.SnapshotMissing(object, settled));
            case StoredSnapshot.Absent _ -> new Result("none", null, List.of());
            case StoredSnapshot.Broken(String object) -> Result.found(new SnapshotFinding.SnapshotBroken(object));
            case StoredSnapshot.AgentOwned _ -> new Result("agent-owned", null, List.of());
            case StoredSnapshot.Unnamed _ -> Result.notCompared("environment-unknown");
            case StoredSnapshot.Written(String object, Snapshot snapshot) when snapshot.lastOutSeq() < settled ->
                Result.found(new SnapshotFinding.SnapshotOlder(object, settled, snapshot.lastOutSeq()));
            case StoredSnapshot.Written(String object, Snapshot snapshot) -> compare(evidence, log, object, snapshot);
        };
    }

    private static Result compare(SessionEvidence evidence, OutLog log, String object, Snapshot snapshot) {
        long lastOutSeq = snapshot.lastOutSeq();
        if (lastOutSeq >= evidence.outExtent().end()) {
            return Result.notCompared("snapshot-newer-than-read");
        }
        if (!evidence.inComplete() || !evidence.outComplete()) {
            return Result.notCompared("retention");
        }
        Optional<TurnFact> turn = log.turnAt(lastOutSeq).filter(TurnFact::shown);
        if (turn.isEmpty()) {
            return Result.found(new SnapshotFinding.SnapshotCursorUnknown(object, lastOutSeq));
        }
        if (claimsUnknownInputs(evidence, log, lastOutSeq)) {
            return Result.notCompared("inputs-claimed-ahead");
        }
        Snapshot fold = TurnFold.fold(Optional.empty(), evidence.in(), log.shown(), turn.get().boundary(),
                snapshot.savedAt());
        OptionalInt different = fold.firstDifference(snapshot);
        if (different.isEmpty() && fold.lastInSeq() == snapshot.lastInSeq()) {
            return new Result("same", null, List.of());
        }
        return Result.found(new SnapshotFinding.SnapshotDiffers(object, lastOutSeq, fold.messages().size(),
                snapshot.messages().size(), different.orElse(-1), fold.lastInSeq(), snapshot.lastInSeq()));
    }

    /**
     * Whether a turn names inputs that had not arrived when it ended. The snapshotter folded what was there then; which
     * turn the later ones belong to cannot be told afterwards.
     */
    private static boolean claimsUnknownInputs(SessionEvidence evidence, OutLog log, long lastOutSeq) {
        Iterator<StoredRecord> inputs = evidence.in().iterator();
        StoredRecord next = inputs.hasNext() ? inputs.next() : null;
        long arrived = StoredRecord.NO_SEQ;
        for (TurnFact turn : log.shownTurns()) {
            while (next != null && next.timestampMs() <= turn.atMs()) {
                arrived = Math.max(arrived, next.seq());
                next = inputs.hasNext() ? inputs.next() : null;
            }
            if (turn.boundary().outSeq() <= lastOutSeq && turn.boundary().inSeq() > arrived) {
                return true;
            }
        }
        return false;
    }
}
