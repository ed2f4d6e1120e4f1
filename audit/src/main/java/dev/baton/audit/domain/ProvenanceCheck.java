package dev.baton.audit.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/**
 * Generations come as 1, 2, 3 …, each names the run before it, and that one has an end. The provenance was read after the
 * row of the session, so it may tell of later runs, never of fewer.
 */
final class ProvenanceCheck {
    private ProvenanceCheck() {}

    static List<Finding> of(SessionEvidence evidence) {
        List<Finding> findings = new ArrayList<>();
        SessionRunRow before = null;
        for (SessionRunRow run : evidence.runs()) {
            follows(before, run, findings);
            before = run;
        }
        if (evidence.row() != null && evidence.row().generation() > 0) {
            owner(evidence.row(), evidence.runs(), findings);
        }
        return findings;
    }

    private static void follows(SessionRunRow before, SessionRunRow run, List<Finding> findings) {
        long expected = before == null ? 1 : before.generation() + 1;
        if (run.generation() != expected) {
            findings.add(new OwnershipFinding.GenerationGap(expected, run.generation(), run.runId()));
            return;
        }
        String previous = before == null ? null : before.runId();
        if (!Objects.equals(previous, run.previousRunId())) {
            findings.add(
                    new OwnershipFinding.RunChainBroken(run.runId(), run.generation(), previous, run.previousRunId()));
        }
        if (before != null && before.endedAt() == null) {
            findings.add(new OwnershipFinding.RunNotEnded(before.runId(), before.generation(), run.runId()));
        }
    }

    private static void owner(SessionRow row, List<SessionRunRow> runs, List<Finding> findings) {
        SessionRunRow owner = ownerOf(row, runs);
        if (owner == null) {
            findings.add(new OwnershipFinding.OwnerWithoutProvenance(row.currentRunId(), row.generation()));
        } else if (!row.runLive() && owner.endedAt() == null) {
            findings.add(new OwnershipFinding.RunNotEnded(owner.runId(), owner.generation(), null));
        }
    }

    /** The run that owned the session when its row was written; null when there is none. */
    static SessionRunRow ownerOf(SessionRow row, List<SessionRunRow> runs) {
        return runs.stream()
                .filter(run -> run.generation() == row.generation() && run.runId().equals(row.currentRunId()))
                .findFirst().orElse(null);
    }
}
