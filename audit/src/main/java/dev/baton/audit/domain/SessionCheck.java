package dev.baton.audit.domain;

import java.util.ArrayList;
import java.util.List;

import dev.baton.wire.session.SessionRow;

/** All checks of one session. Pure: same evidence, same verdict. */
public final class SessionCheck {
    private static final String RETENTION = "retention";
    private static final String NO_SESSION = "no-session";
    private static final String DELETED = "deleted";

    private SessionCheck() {}

    /** @param nowMs epoch milliseconds, for sessions that expire */
    public static SessionVerdict of(SessionEvidence evidence, StoredSnapshot snapshot, long nowMs) {
        OutLog log = OutLog.of(evidence.out());
        List<Finding> findings = new ArrayList<>(
                InCheck.of(evidence.key(), evidence.in(), evidence.inComplete()));
        SessionRow row = evidence.row();
        if (row != null && row.deleted()) {
            findings.addAll(DeletionCheck.of(evidence, snapshot));
            return new SessionVerdict(evidence, log.turns(), log.voidRecords(), 0, DELETED, List.of(DELETED), findings);
        }
        findings.addAll(ProvenanceCheck.of(evidence));
        if (row == null) {
            return withoutRow(evidence, log, findings);
        }
        findings.addAll(FenceCheck.of(evidence, log));
        findings.addAll(SettlementCheck.of(evidence, log, nowMs));
        SnapshotCheck.Result compared = SnapshotCheck.of(evidence, log, snapshot);
        findings.addAll(compared.findings());
        long unsettled = log.shownTurns().stream()
                .filter(turn -> turn.boundary().outSeq() > row.settledOutSeq()).count();
        return new SessionVerdict(evidence, log.turns(), log.voidRecords(), unsettled, compared.state(),
                notChecked(evidence, compared), findings);
    }

    /** A secret key may write to {@code .out} of a session that is not created yet; everything else needs one. */
    private static SessionVerdict withoutRow(SessionEvidence evidence, OutLog log, List<Finding> findings) {
        boolean needsSession = !evidence.in().isEmpty() || !evidence.runs().isEmpty() || evidence.out().stream()
                .anyMatch(record -> record.isFence() || record.writer().generation() > 0);
        if (needsSession) {
            findings.add(new OwnershipFinding.RowMissing(evidence.in().size() + evidence.out().size(),
                    evidence.runs().size()));
        }
        return new SessionVerdict(evidence, log.turns(), log.voidRecords(), 0, "not-compared", List.of(NO_SESSION),
                findings);
    }

    private static List<String> notChecked(SessionEvidence evidence, SnapshotCheck.Result compared) {
        List<String> reasons = new ArrayList<>();
        if (!evidence.inComplete() || !evidence.outComplete()) {
            reasons.add(RETENTION);
        }
        if (compared.notCompared() != null && !reasons.contains(compared.notCompared())) {
            reasons.add(compared.notCompared());
        }
        return reasons;
    }
}
