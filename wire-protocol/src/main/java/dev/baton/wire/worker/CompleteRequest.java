package dev.baton.wire.worker;

import dev.baton.wire.session.RunOutcome;

/**
 * Body of {@code POST /api/v1/runs/{run}/attempts/{attempt}/complete}: the run is over.
 *
 * @param outcome {@code completed}, {@code failed} or {@code cancelled}
 * @param settledInSeq highest {@code .in} seq the run has dealt with, null when it read none
 * @param firstTurnSettled whether the message in its payload, if there was one, was dealt with
 * @param error short text for people or null
 */
public record CompleteRequest(String workerId, String task, RunOutcome outcome, Long settledInSeq,
        boolean firstTurnSettled, String error) {}
