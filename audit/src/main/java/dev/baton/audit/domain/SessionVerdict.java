package dev.baton.audit.domain;

import java.util.List;

/**
 * What came of one session.
 *
 * @param turns turn-completes that are retained, void ones included
 * @param voidRecords records on {@code .out} that no reader is shown
 * @param unsettledTurns turns behind the settled one: on their way, or the snapshotter does not run
 * @param snapshotState what the snapshot is: same, none, agent-owned, not-compared, deleted, or the kind of finding
 * @param notChecked why something could not be checked: retention …; empty when everything was
 */
public record SessionVerdict(SessionEvidence evidence, List<TurnFact> turns, long voidRecords, long unsettledTurns,
        String snapshotState, List<String> notChecked, List<Finding> findings) {
    public SessionVerdict {
        turns = List.copyOf(turns);
        notChecked = List.copyOf(notChecked);
        findings = List.copyOf(findings);
    }

    /** Whether a second look at the object store may find it well. */
    public boolean worthASecondLook() {
        return findings.stream().anyMatch(Finding::mayPass);
    }
}
