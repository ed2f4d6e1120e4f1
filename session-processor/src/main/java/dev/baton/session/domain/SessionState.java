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
 * Open -> Open : SessionUpdated InAppended FirstTurnRequeued RunHandedOver RunStarted RunEnded TurnSettled OutTrimmed MessageGivenUp
 * Open -> Closed : SessionClosed
 * Closed -> Closed : SessionUpdated RunStarted RunEnded TurnSettled OutTrimmed
 * </pre>
 */
public sealed interface SessionState {
    SessionState ABSENT = new Absent();

    /** Nothing is known under this key. */
    record Absent() implements SessionState {
        Open created(SessionEvent.SessionCreated creation) {
            return new Open(new SessionFacts(1, creation.profile(), SessionCursors.START, creation.firstTurn(),
                    new Ownership.Unowned(), null, 0));
        }
    }

    /** A session that was created: open or closed. Runs of a closed session still start, settle and end. */
    sealed interface Existing extends SessionState {
        SessionFacts facts();

        Existing with(SessionFacts changed);

        default Existing updated(SessionEvent.SessionUpdated change) {
            return with(facts().withProfile(facts().profile().updated(change)));
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

        /** What everybody may know of the session now. */
        default SessionRow row() {
            return PublicRow.of(this);
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
    }

    /** The run that owns the session or owned it last. */
    default Optional<SessionRunRow> lastRun() {
        return switch (this) {
            case Absent _ -> Optional.empty();
            case Existing existing -> existing.facts().ownership().lastRun();
        };
    }
}
