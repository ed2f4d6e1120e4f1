package dev.baton.session.domain;

import dev.baton.wire.session.SessionRunRow;

/**
 * What open and closed sessions have in common. Nothing in here grows with the length of a conversation.
 *
 * @param rowVersion +1 with every event that changes the public row
 * @param firstTurn record body of the message the session was created with, while nobody has answered it; else null.
 *     Kept apart from the trigger config, which a repeated create may replace
 * @param previousRun provenance of the run before the current one, for reports that arrive after the hand-over; null
 *     when there was none
 * @param fruitlessRuns how many runs in a row have ended with work left and none done
 */
public record SessionFacts(long rowVersion, SessionProfile profile, SessionCursors cursors, String firstTurn,
        Ownership ownership, SessionRunRow previousRun, int fruitlessRuns) {

    /** Whether a message waits for an answer, on {@code .in} or in the payload of the first run. */
    public boolean unsettled() {
        return cursors.unsettled() || firstTurn != null;
    }

    SessionFacts withProfile(SessionProfile changed) {
        return new SessionFacts(rowVersion + 1, changed, cursors, firstTurn, ownership, previousRun, fruitlessRuns);
    }

    /** Rows are not written for every append, so the version stays. */
    SessionFacts appended(long seq) {
        return new SessionFacts(rowVersion, profile, cursors.appended(seq), firstTurn, ownership, previousRun,
                fruitlessRuns);
    }

    SessionFacts firstTurnRequeued(long seq) {
        return new SessionFacts(rowVersion, profile, cursors.appended(seq), null, ownership, previousRun,
                fruitlessRuns);
    }

    SessionFacts handedOver(Ownership.Vacant vacant, SessionEvent.RunHandedOver handOver) {
        return new SessionFacts(rowVersion + 1, profile.touched(handOver.run().requestedAt()), cursors.fenceAwaited(),
                firstTurn, vacant.handedTo(handOver.run(), handOver.notBefore()), vacant.lastRun().orElse(null),
                fruitlessRuns);
    }

    SessionFacts started(Ownership.Alive alive, SessionEvent.RunStarted start) {
        return new SessionFacts(rowVersion + 1, profile, cursors.fenced(start.fenceOutSeq()), firstTurn,
                alive.started(start), previousRun, fruitlessRuns);
    }

    SessionFacts ended(Ownership.Alive alive, SessionEvent.RunEnded end) {
        return new SessionFacts(rowVersion + 1, profile, cursors.settled(end.settledInSeq(), SessionCursors.NONE),
                end.firstTurnSettled() ? null : firstTurn, alive.ended(end.at(), end.outcome(), end.error()),
                previousRun, end.fruitlessRuns());
    }

    /** Any settled turn is progress: the next crash counts as the first one again. */
    SessionFacts settled(SessionEvent.TurnSettled turn) {
        boolean byOwner = turn.newTurn() && ownership.generation() == turn.generation();
        return new SessionFacts(rowVersion + 1, profile, cursors.settled(turn.inSeq(), turn.outSeq()), null,
                byOwner ? ownership.turnServed() : ownership,
                turn.newTurn() && servedByPrevious(turn) ? RunProvenance.turnServed(previousRun) : previousRun, 0);
    }

    /** The next message is a new start: what was wrong with this one is not held against it. */
    SessionFacts givenUp(SessionEvent.MessageGivenUp message) {
        return new SessionFacts(rowVersion + 1, profile, cursors.settled(message.inSeq(), SessionCursors.NONE),
                firstTurn, ownership, previousRun, 0);
    }

    SessionFacts trimmed(SessionEvent.OutTrimmed trim) {
        return new SessionFacts(rowVersion + 1, profile, cursors.trimmed(trim.floorOutSeq()), firstTurn, ownership,
                previousRun, fruitlessRuns);
    }

    /** The report of a turn may arrive after the hand-over: the run that served it gets the credit. */
    boolean servedByPrevious(SessionEvent.TurnSettled turn) {
        return previousRun != null && previousRun.generation() == turn.generation();
    }
}
