package dev.baton.run.domain;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import dev.baton.wire.session.RunOutcome;

/**
 * What the worker gateways tell the run topology: the value of topic {@code baton.run-reports}, keyed by queue key.
 * Reports may come late, twice, or from a gateway that is gone; every decision allows for that.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(value = RunReport.PollsOpen.class, name = "polls-open/1"),
        @JsonSubTypes.Type(value = RunReport.PollEnded.class, name = "poll-ended/1"),
        @JsonSubTypes.Type(value = RunReport.AssignmentReturned.class, name = "assignment-returned/1"),
        @JsonSubTypes.Type(value = RunReport.WorkerBeat.class, name = "worker-beat/1"),
        @JsonSubTypes.Type(value = RunReport.RunStartReported.class, name = "run-start-reported/1"),
        @JsonSubTypes.Type(value = RunReport.RunEndReported.class, name = "run-end-reported/1")})
public sealed interface RunReport {
    /**
     * These long polls wait at the gateway. Sent when a poll arrives and again every second for all that still wait, so
     * that polls need no durable state: after a restart of the topology they are known again within that second, and
     * the polls of a dead gateway fade away.
     */
    record PollsOpen(String gatewayId, List<Poll> polls) implements RunReport {}

    /**
     * One long poll of a worker.
     *
     * @param pollId unique for all time
     * @param slots how many runs the worker can take with this poll, at least 1
     */
    record Poll(String pollId, String workerId, String version, int slots) {}

    /** The poll was answered empty: its wait ran out, or its client is gone. */
    record PollEnded(String gatewayId, String pollId) implements RunReport {}

    /**
     * The gateway could not hand the run over.
     *
     * @param dispatch number of the assignment, see {@link RunAssignment.AssignRun}
     */
    record AssignmentReturned(String runId, int dispatch) implements RunReport {}

    /**
     * The worker lives.
     *
     * @param runIds every run of the task that the worker holds, started or not
     */
    record WorkerBeat(String gatewayId, String workerId, String version, List<String> runIds) implements RunReport {}

    /**
     * A worker wants to start a run that it was given. The answer goes to the gateway as
     * {@link RunAssignment.AnswerStart}.
     *
     * @param fenceOutSeq {@code .out} seq of the fence, −1 when this gateway did not write it
     */
    record RunStartReported(String gatewayId, String runId, int attempt, String workerId, long fenceOutSeq)
            implements
                RunReport {}

    /** A worker says that a run is over; fields as in {@link dev.baton.wire.worker.CompleteRequest}. */
    record RunEndReported(String runId, int attempt, String workerId, RunOutcome outcome, Long settledInSeq,
            boolean firstTurnSettled, String error) implements RunReport {}
}
