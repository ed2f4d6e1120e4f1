package dev.baton.session.domain;

import dev.baton.wire.session.RunOutcome;

/**
 * Runs in a row that have ended with work left and none done. Whoever leaves or is superseded makes the next one wait, but
 * only those that were killed are held against the message they tried (decision 0011).
 *
 * @param fruitless all of them
 * @param killed those that crashed, failed or timed out
 */
public record Streak(int fruitless, int killed) {
    static final Streak NONE = new Streak(0, 0);

    /** @param fruitlessRuns with the run that ends now, 0 when it has done something or there was nothing to do */
    Streak ended(RunOutcome outcome, int fruitlessRuns) {
        if (fruitlessRuns == 0) {
            return NONE;
        }
        return new Streak(fruitlessRuns, kills(outcome) ? killed + 1 : killed);
    }

    static boolean kills(RunOutcome outcome) {
        return switch (outcome) {
            case CRASHED, FAILED, TIMED_OUT -> true;
            // The run left by itself or never ran: that is no message's fault.
            case COMPLETED, CANCELLED, EXPIRED, SUPERSEDED -> false;
        };
    }
}
