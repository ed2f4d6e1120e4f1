package dev.baton.audit.domain;

import java.util.ArrayList;
import java.util.List;

/** Of a session that was deleted there is a receipt, and what the channels hold until their retention ends. */
final class DeletionCheck {
    private DeletionCheck() {}

    static List<Finding> of(SessionEvidence evidence, StoredSnapshot stored) {
        List<Finding> findings = new ArrayList<>();
        if (!evidence.runs().isEmpty()) {
            findings.add(new DeletionFinding.ProvenanceAfterDeletion(evidence.runs().getFirst().runId(),
                    evidence.runs().size()));
        }
        switch (stored) {
            case StoredSnapshot.Absent _,StoredSnapshot.Unnamed _ -> {
            }
            case StoredSnapshot.Broken(String object) ->
                findings.add(new DeletionFinding.SnapshotAfterDeletion(object));
            case StoredSnapshot.AgentOwned(String object) ->
                findings.add(new DeletionFinding.SnapshotAfterDeletion(object));
            case StoredSnapshot.Written(String object, var _) ->
                findings.add(new DeletionFinding.SnapshotAfterDeletion(object));
        }
        return findings;
    }
}
