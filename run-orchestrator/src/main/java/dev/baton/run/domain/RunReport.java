package dev.baton.run.domain;

import java.util.List;
import java.util.Map;

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
        @JsonSubTypes.Type(value = RunReport.WorkerRegistered.class, name = "worker-registered/1"),
        @JsonSubTypes.Type(value = RunReport.VersionPromoted.class, name = "version-promoted/1"),
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
     * @param waitingIds those of them that do nothing but wait; null means none
     */
    record WorkerBeat(String gatewayId, String workerId, String version, List<String> runIds, List<String> waitingIds)
            implements
                RunReport {
        public WorkerBeat {
            waitingIds = waitingIds == null ? List.of() : waitingIds;
        }

        public WorkerBeat(String gatewayId, String workerId, String version, List<String> runIds) {
            this(gatewayId, workerId, version, runIds, List.of());
        }
    }

    /**
     * A worker says what it is, before it asks for runs.
     *
     * @param capacity how many runs it may hold at once
     * @param limits how many runs may execute at once, by name of a limit; null when it says nothing about that
     * @param promote whether a version that is new becomes the current one
     */
    record WorkerRegistered(String gatewayId, String workerId, String version, int capacity,
            Map<String, Integer> limits, boolean promote) implements RunReport {}

    /** An operator makes a version the current one, newer or older than the one before. */
    record VersionPromoted(String version) implements RunReport {}

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
