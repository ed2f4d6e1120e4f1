package dev.baton.wire.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import dev.baton.wire.session.RunOutcome;

/** What the orchestrator tells the session topology: the value of topic {@code baton.run-events}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(value = RunEvent.RunStarted.class, name = "run-started/1"),
        @JsonSubTypes.Type(value = RunEvent.RunEnded.class, name = "run-ended/1")})
public sealed interface RunEvent {
    String runId();

    long generation();

    /** Epoch milliseconds: the only clock that decisions see. */
    long at();

    /**
     * A worker has the run.
     *
     * @param attempt from 1
     * @param fenceOutSeq {@code .out} seq of the fence that was written before the worker got the run
     */
    record RunStarted(String runId, long generation, long at, int attempt, String workerId, String workerVersion,
            long fenceOutSeq) implements RunEvent {}

    /**
     * The run is over and will not be attempted again.
     *
     * @param settledInSeq highest {@code .in} seq the run says it has dealt with, null when it could not say
     * @param firstTurnSettled whether the run says that the message in its payload was dealt with
     * @param error short text for people, null when there is none
     */
    record RunEnded(String runId, long generation, long at, RunOutcome outcome, Long settledInSeq,
            boolean firstTurnSettled, String error) implements RunEvent {}
}
