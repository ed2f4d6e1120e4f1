package dev.baton.session.domain;

import java.util.List;

import dev.baton.wire.channel.Writer;
import dev.baton.wire.json.Json;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.SessionRunRow;
import dev.baton.wire.session.TriggerConfig;

/**
 * What happened to a session. Events carry every value that was decided, so that applying them needs no judgement, no
 * clock and no configuration. Times are epoch milliseconds.
 */
public sealed interface SessionEvent {
    /** @param firstTurn record body of the message the session was created with, null when there is none */
    record SessionCreated(SessionProfile profile, String firstTurn) implements SessionEvent {}

    /** The new values as a whole; what was not to be changed is in here as it was. */
    record SessionUpdated(TriggerConfig triggerConfig, List<String> tags, Json metadata, Long expiresAt, long at)
            implements
                SessionEvent {}

    /**
     * @param body the stored record body
     * @param partId the claim that comes with it, null when the client gave none
     */
    record InAppended(long seq, String body, String partId, long at) implements SessionEvent {}

    /** The run that had the first message in its payload is gone: the message is on {@code .in} for its successor. */
    record FirstTurnRequeued(long seq, String body) implements SessionEvent {}

    /** @param withdrawnRunId the run that no worker had yet and that is no longer wanted, null when there is none */
    record SessionClosed(long at, String reason, String withdrawnRunId) implements SessionEvent {}

    /** @param keeper as in {@code SessionRow} */
    record HistoryKept(String keeper) implements SessionEvent {}

    /** What is known of the session goes, down to a receipt. */
    record SessionDeleted(long at) implements SessionEvent {}

    /** @param notBefore when the orchestrator may start it at the earliest */
    record RunHandedOver(SessionRunRow run, long notBefore) implements SessionEvent {}

    /** A worker has the current run. */
    record RunStarted(long at, int attempt, String workerVersion, long fenceOutSeq) implements SessionEvent {}

    /**
     * The current run is over.
     *
     * @param settledInSeq highest {@code .in} seq the run had dealt with, −1 when it could not say
     * @param firstTurnSettled whether the message in its payload was dealt with
     * @param fruitlessRuns how many runs in a row, this one included, have ended with work left and none done
     */
    record RunEnded(long at, RunOutcome outcome, String error, long settledInSeq, boolean firstTurnSettled,
            int fruitlessRuns) implements SessionEvent {}

    /**
     * A turn-complete stands on {@code .out}.
     *
     * @param generation of the run that served the turn
     * @param inSeq −1 when the record named none
     * @param newTurn false when it only adds to a turn that was counted before
     */
    record TurnSettled(long generation, long inSeq, long outSeq, boolean newTurn) implements SessionEvent {}

    /**
     * Nobody tries to answer the oldest message any more: every run that tried was killed.
     *
     * @param inSeq its seq, −1 for the message in the payload of the first run
     * @param lastRun the last run that tried, on whose behalf the turn is ended on {@code .out}
     * @param runs how many runs in a row it has killed
     */
    record MessageGivenUp(long inSeq, Writer lastRun, int runs) implements SessionEvent {
        boolean firstTurn() {
            return inSeq == SessionCursors.NONE;
        }
    }

    /** Readers of the protocol see {@code .out} from here on. */
    record OutTrimmed(long floorOutSeq) implements SessionEvent {}
}
