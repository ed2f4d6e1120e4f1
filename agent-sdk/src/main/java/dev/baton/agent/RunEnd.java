package dev.baton.agent;

import dev.baton.wire.session.RunOutcome;

/**
 * What a run says of itself when it ends.
 *
 * @param outcome {@code COMPLETED}, {@code FAILED} or {@code CANCELLED}
 * @param settledInSeq highest {@code .in} seq the run has dealt with, null when it could not say
 * @param firstTurnSettled whether the message in its payload was dealt with
 * @param error short text for people or null
 */
public record RunEnd(RunOutcome outcome, Long settledInSeq, boolean firstTurnSettled, String error) {
    /** The run ended by itself. */
    public static RunEnd completed(Long settledInSeq, boolean firstTurnSettled) {
        return new RunEnd(RunOutcome.COMPLETED, settledInSeq, firstTurnSettled, null);
    }

    /** The run was stopped from outside and does not know how far it came. */
    public static RunEnd cancelled() {
        return new RunEnd(RunOutcome.CANCELLED, null, false, null);
    }

    public static RunEnd failed(String error) {
        return new RunEnd(RunOutcome.FAILED, null, false, error);
    }
}
