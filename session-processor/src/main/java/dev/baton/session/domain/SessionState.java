package dev.baton.session.domain;

import java.util.Optional;

import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/**
 * One session as the topology knows it. Expiry is no state: it is derived from the clock of each command (contract
 * §1.10).
 *
 * <p>Moves, all others do not exist:
 *
 * <pre>
 * Absent -> Open : SessionCreated
 * Open -> Open : SessionUpdated InAppended FirstTurnRequeued RunHandedOver RunStarted RunEnded TurnSettled OutTrimmed HistoryKept MessageGivenUp
 * Open -> Closed : SessionClosed
 * Closed -> Closed : SessionUpdated RunStarted RunEnded TurnSettled OutTrimmed HistoryKept
 * Closed -> Deleted : SessionDeleted
 * </pre>
 */
public sealed interface SessionState {
    SessionState ABSENT = new Absent();

    /** Nothing is known under this key. */
    record Absent() implements SessionState {
        Open created(SessionEvent.SessionCreated creation) {
            return new Open(new SessionFacts(1, creation.profile(), SessionCursors.START, creation.firstTurn(),
                    new Ownership.Unowned(), null, Streak.NONE));
        }
    }

    /** Something is known under this key for good. */
    sealed interface Known extends SessionState {
        SessionFacts facts();

        /** What everybody may know of the session now. */
        default SessionRow row() {
            return PublicRow.of(this);
        }
    }

    /** A session that was created: open or closed. Runs of a closed session still start, settle and end. */
    sealed interface Existing extends Known {
        Existing with(SessionFacts changed);

        default Existing updated(SessionEvent.SessionUpdated change) {
            return with(facts().withProfile(facts().profile().updated(change)));
        }

        default Existing kept(SessionEvent.HistoryKept history) {
            return with(facts().withProfile(facts().profile().keptBy(history.keeper())));
        }

        default Existing started(Ownership.Alive alive, SessionEvent.RunStarted start) {
            return with(facts().started(alive, start));
        }

        default Existing ended(Ownership.Alive alive, SessionEvent.RunEnded end) {
            return with(facts().ended(alive, end));
        }

        default Existing settled(SessionEvent.TurnSettled turn) {
            return with(facts().settled(turn));
        }

        default Existing trimmed(SessionEvent.OutTrimmed trim) {
            return with(facts().trimmed(trim));
        }
    }

    /** Takes messages, and may be handed to a run. */
    record Open(SessionFacts facts) implements Existing {
        @Override
        public Open with(SessionFacts changed) {
            return new Open(changed);
        }

        Open appended(SessionEvent.InAppended append) {
            return with(facts.appended(append.seq()));
        }

        Open firstTurnRequeued(SessionEvent.FirstTurnRequeued requeue) {
            return with(facts.firstTurnRequeued(requeue.seq()));
        }

        Open handedOver(Ownership.Vacant vacant, SessionEvent.RunHandedOver handOver) {
            return with(facts.handedOver(vacant, handOver));
        }

        Open givenUp(SessionEvent.MessageGivenUp message) {
            return with(facts.givenUp(message));
        }

        Closed closed(SessionEvent.SessionClosed close) {
            return new Closed(facts.withProfile(facts.profile().touched(close.at())), close.at(), close.reason());
        }
    }

    /**
     * Closed for good.
     *
     * @param closedAt epoch milliseconds, written once
     * @param closedReason null when none was given
     */
    record Closed(SessionFacts facts, long closedAt, String closedReason) implements Existing {
        @Override
        public Closed with(SessionFacts changed) {
            return new Closed(changed, closedAt, closedReason);
        }

        Deleted deleted(SessionEvent.SessionDeleted deletion) {
            return new Deleted(facts.receipt(deletion.at()), closedAt, deletion.at());
        }
    }

    /**
     * Deleted for good: a receipt, without anything that anybody wrote. The key is not free again, because the topics still
     * hold what was written under it. Nothing changes it any more.
     *
     * @param deletedAt epoch milliseconds
     */
    record Deleted(SessionFacts facts, long closedAt, long deletedAt) implements Known {}

    /** The run that owns the session or owned it last. */
    default Optional<SessionRunRow> lastRun() {
        return switch (this) {
            case Absent _ -> Optional.empty();
            case Known known -> known.facts().ownership().lastRun();
        };
    }
}
