package dev.baton.session.domain;

import java.time.Duration;

import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionRunRow;

/** The steps by which a session gets a run. All of them belong to the transaction of the decision that needs them. */
final class HandOver {
    private HandOver() {}

    /**
     * Binds a run to answer, unless one is bound already. A client is waiting, so it starts at once whatever happened
     * to the runs before (design D4); a successor that is requested and backs off is left as it is.
     */
    static void ensureRun(DecisionDraft draft, long at) {
        switch (draft.facts().ownership()) {
            case Ownership.Alive _ -> {
            }
            case Ownership.Unowned _ -> toSuccessor(draft, RunReason.INITIAL, null, at, Duration.ZERO);
            case Ownership.Ended _ -> toSuccessor(draft, RunReason.CONTINUATION, null, at, Duration.ZERO);
        }
    }

    /** @param requestedVersion worker version the run must have, null for the current one */
    static void toSuccessor(DecisionDraft draft, RunReason reason, String requestedVersion, long at, Duration delay) {
        requeueFirstTurn(draft);
        SessionRunRow run = RunProvenance.requested(draft.facts(), reason, requestedVersion, at);
        draft.record(new SessionEvent.RunHandedOver(run, at + delay.toMillis()));
    }

    /**
     * The payload of a successor is stripped: a first message that nobody has answered must be on {@code .in} before
     * it, or it would be lost with the run that carried it.
     */
    static void requeueFirstTurn(DecisionDraft draft) {
        SessionFacts facts = draft.facts();
        if (facts.firstTurn() != null && facts.ownership() instanceof Ownership.Ended) {
            draft.record(new SessionEvent.FirstTurnRequeued(facts.cursors().nextInSeq(), facts.firstTurn()));
        }
    }

    /**
     * How many runs in a row have ended with work left and none done, counting the one that ends now. A run that had
     * nothing to do is not to blame.
     */
    static int fruitlessRuns(SessionFacts facts, Ownership.Alive ending, long settledInSeq, boolean firstTurnSettled) {
        boolean firstTurnWaits = facts.firstTurn() != null && !firstTurnSettled;
        boolean inWaits = facts.cursors().settled(settledInSeq, SessionCursors.NONE).unsettled();
        boolean progress = ending.run().turnsServed() > 0 || settledInSeq > facts.cursors().settledInSeq()
                || facts.firstTurn() != null && firstTurnSettled;
        return progress || !firstTurnWaits && !inWaits ? 0 : facts.fruitlessRuns() + 1;
    }
}
