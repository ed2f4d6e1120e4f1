package dev.baton.session.domain;

import dev.baton.wire.session.SessionRunRow;

/**
 * What open, closed and deleted sessions have in common. Nothing in here grows with the length of a conversation.
 *
 * @param rowVersion +1 with every event that changes the public row
 * @param firstTurn record body of the message the session was created with, while nobody has answered it; else null.
 *     Kept apart from the trigger config, which a repeated create may replace
 * @param previousRun provenance of the run before the current one, for reports that arrive after the hand-over; null
 *     when there was none
 * @param streak the runs in a row that have ended with work left and none done
 */
public record SessionFacts(long rowVersion, SessionProfile profile, SessionCursors cursors, String firstTurn,
        Ownership ownership, SessionRunRow previousRun, Streak streak) {

    /** Whether a message waits for an answer, on {@code .in} or in the payload of the first run. */
    public boolean unsettled() {
        return cursors.unsettled() || firstTurn != null;
    }

    int fruitlessRuns() {
        return streak.fruitless();
    }

    SessionFacts withProfile(SessionProfile changed) {
        return new SessionFacts(rowVersion + 1, changed, cursors, firstTurn, ownership, previousRun, streak);
    }

    /** Rows are not written for every append, so the version stays. */
    SessionFacts appended(long seq) {
        return new SessionFacts(rowVersion, profile, cursors.appended(seq), firstTurn, ownership, previousRun,
                streak);
    }

    SessionFacts firstTurnRequeued(long seq) {
        return new SessionFacts(rowVersion, profile, cursors.appended(seq), null, ownership, previousRun,
                streak);
    }

    SessionFacts handedOver(Ownership.Vacant vacant, SessionEvent.RunHandedOver handOver) {
        return new SessionFacts(rowVersion + 1, profile.touched(handOver.run().requestedAt()), cursors.fenceAwaited(),
                firstTurn, vacant.handedTo(handOver.run(), handOver.notBefore()), vacant.lastRun().orElse(null),
                streak);
    }

    SessionFacts started(Ownership.Alive alive, SessionEvent.RunStarted start) {
        return new SessionFacts(rowVersion + 1, profile, cursors.fenced(start.fenceOutSeq()), firstTurn,
                alive.started(start), previousRun, streak);
    }

    SessionFacts ended(Ownership.Alive alive, SessionEvent.RunEnded end) {
        return new SessionFacts(rowVersion + 1, profile, cursors.settled(end.settledInSeq(), SessionCursors.NONE),
                end.firstTurnSettled() ? null : firstTurn, alive.ended(end.at(), end.outcome(), end.error()),
                previousRun, streak.ended(end.outcome(), end.fruitlessRuns()));
    }

    /** Any settled turn is progress: the next crash counts as the first one again. */
    SessionFacts settled(SessionEvent.TurnSettled turn) {
        boolean byOwner = turn.newTurn() && ownership.generation() == turn.generation();
        return new SessionFacts(rowVersion + 1, profile, cursors.settled(turn.inSeq(), turn.outSeq()), null,
                byOwner ? ownership.turnServed() : ownership,
                turn.newTurn() && servedByPrevious(turn) ? RunProvenance.turnServed(previousRun) : previousRun,
                Streak.NONE);
    }

    /** The next message is a new start: what was wrong with this one is not held against it. */
    SessionFacts givenUp(SessionEvent.MessageGivenUp message) {
        return new SessionFacts(rowVersion + 1, profile, cursors.settled(message.inSeq(), SessionCursors.NONE),
                message.firstTurn() ? null : firstTurn, ownership, previousRun, Streak.NONE);
    }

    SessionFacts trimmed(SessionEvent.OutTrimmed trim) {
        return new SessionFacts(rowVersion + 1, profile, cursors.trimmed(trim.floorOutSeq()), firstTurn, ownership,
                previousRun, streak);
    }

    /** What stays of a session that is deleted: ids, times and counts. */
    SessionFacts receipt(long at) {
        Ownership owner = ownership.lastRun().<Ownership>map(run -> new Ownership.Ended(RunProvenance.receipt(run)))
                .orElseGet(Ownership.Unowned::new);
        return new SessionFacts(rowVersion + 1, profile.receipt(at), cursors, null, owner, null, Streak.NONE);
    }

    /** The report of a turn may arrive after the hand-over: the run that served it gets the credit. */
    boolean servedByPrevious(SessionEvent.TurnSettled turn) {
        return previousRun != null && previousRun.generation() == turn.generation();
    }
}
