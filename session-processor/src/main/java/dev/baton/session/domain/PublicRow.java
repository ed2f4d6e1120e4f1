package dev.baton.session.domain;

import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/** Makes the public row of a session from its state. */
final class PublicRow {
    private PublicRow() {}

    static SessionRow of(SessionState.Known state) {
        return switch (state) {
            case SessionState.Open open -> row(open.facts(), null, null, null);
            case SessionState.Closed closed -> row(closed.facts(), closed.closedAt(), closed.closedReason(), null);
            case SessionState.Deleted deleted ->
                row(deleted.facts(), deleted.closedAt(), null, deleted.deletedAt());
        };
    }

    private static SessionRow row(SessionFacts facts, Long closedAt, String closedReason, Long deletedAt) {
        SessionProfile profile = facts.profile();
        SessionCursors cursors = facts.cursors();
        Ownership owner = facts.ownership();
        return new SessionRow(SessionRow.FORMAT, facts.rowVersion(), profile.environmentId(), profile.id(),
                profile.externalId(), profile.type(), profile.taskIdentifier(), profile.triggerConfig(), profile.tags(),
                profile.metadata(), closedAt, closedReason, profile.expiresAt(), profile.createdAt(),
                profile.updatedAt(), owner.lastRun().map(SessionRunRow::runId).orElse(null), owner.generation(),
                owner instanceof Ownership.Alive, cursors.lastInSeq(), cursors.settledInSeq(), cursors.settledOutSeq(),
                cursors.fenceOutSeq(), cursors.floorOutSeq(), backoffUntil(owner), profile.historyKeeper(),
                deletedAt);
    }

    private static Long backoffUntil(Ownership owner) {
        return switch (owner) {
            case Ownership.Requested requested when requested.notBefore() > requested.run().requestedAt() ->
                requested.notBefore();
            case Ownership.Requested _,Ownership.Live _,Ownership.Ended _,Ownership.Unowned _ -> null;
        };
    }
}
