package dev.baton.run.domain;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import dev.baton.wire.run.RunRequest.StartRun;

/** What the run topology tells a gateway: the value of topic {@code baton.run-assignments}, keyed by gateway id. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(value = RunAssignment.AssignRun.class, name = "assign-run/1"),
        @JsonSubTypes.Type(value = RunAssignment.AnswerStart.class, name = "answer-start/1"),
        @JsonSubTypes.Type(value = RunAssignment.CancelRun.class, name = "cancel-run/1"),
        @JsonSubTypes.Type(value = RunAssignment.DrainWorker.class, name = "drain-worker/1")})
public sealed interface RunAssignment {
    /**
     * Hand this run to the worker that waits with this poll.
     *
     * @param dispatch how often the run was assigned before, plus 1: tells a late return from a current one
     * @param batch how many runs this poll gets in the same transaction; the answer to the poll takes them together
     */
    record AssignRun(String pollId, int dispatch, int batch, int attempt, StartRun request) implements RunAssignment {
        public String runId() {
            return request.runId();
        }
    }

    /**
     * Whether this worker may execute the attempt. Exactly one worker ever gets a yes for an attempt, however often
     * assignments were lost, repeated or late.
     */
    record AnswerStart(String runId, int attempt, String workerId, boolean accepted) implements RunAssignment {}

    /** The worker must stop this run: it was cancelled, or it is not this worker's any more. */
    record CancelRun(String runId, String workerId) implements RunAssignment {}

    /** Its version is not the current one: it gets no runs any more but those that are locked to its version. */
    record DrainWorker(String workerId) implements RunAssignment {}
}
