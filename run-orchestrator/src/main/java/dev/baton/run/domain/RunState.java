package dev.baton.run.domain;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import dev.baton.wire.run.RunRequest.StartRun;
import dev.baton.wire.run.RunStep;
import dev.baton.wire.run.RunSteps;

/**
 * A run that is not over. Runs that are over have no state.
 *
 * <pre>
 *                   assign                    start              waits
 *   ─▶ Queued ─────────────────▶ Dispatched ─────────▶ Executing ◀──────▶ Waiting
 *        │  ◀─────────────────────  │  │               │  │   goes on    │   │
 *        │    returned, timed out      │               │  └──▶ Stopping ◀┘   │
 *        │                             │               │          │          │
 *        └─▶ over: withdrawn, expired  └─▶ withdrawn   └─▶ over   └─▶ over   └─▶ over
 * </pre>
 *
 * {@link RunMove} lists these moves and a test compares. This is the stored format of the run store: the type name carries
 * its version, and fields are only ever added.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(value = RunState.Queued.class, name = "queued/1"),
        @JsonSubTypes.Type(value = RunState.Dispatched.class, name = "dispatched/1"),
        @JsonSubTypes.Type(value = RunState.Executing.class, name = "executing/1"),
        @JsonSubTypes.Type(value = RunState.Waiting.class, name = "waiting/1"),
        @JsonSubTypes.Type(value = RunState.Stopping.class, name = "stopping/1")})
public sealed interface RunState {
    StartRun request();

    /** From 1. */
    int attempt();

    /** What happened to it so far. Runs that were stored before steps were kept have none. */
    RunSteps steps();

    @JsonIgnore
    default String runId() {
        return request().runId();
    }

    /** A run that some worker was given. */
    sealed interface Held extends RunState {
        String workerId();

        /** The gateway the worker got it from. */
        String gatewayId();

        String workerVersion();

        /** Its steps and one more, about the worker that has it. */
        default RunSteps with(RunStep.Type type, long nowMs, String reason) {
            return steps().plus(new RunStep(type, nowMs, attempt(), workerId(), workerVersion(), reason));
        }

        /** Whether this attempt is in the hands of that worker. */
        default boolean isHeldBy(String worker, int ofAttempt) {
            return workerId().equals(worker) && attempt() == ofAttempt;
        }
    }

    /**
     * Waits for a worker.
     *
     * @param position in its queue; a run that comes back keeps it and so is first again
     * @param dispatches how often it was assigned so far
     */
    record Queued(StartRun request, int attempt, long position, int dispatches, RunSteps steps) implements RunState {
        public Queued {
            steps = orNone(steps);
        }

        public boolean dueAt(long nowMs) {
            return request.notBefore() <= nowMs;
        }

        /** Whether it has been due for longer than its ttl. Coming back from a worker starts nothing anew. */
        public boolean expiredAt(long nowMs) {
            long dueMs = Math.max(request.requestedAt(), request.notBefore());
            return RunTerms.ttl(request).filter(ttl -> dueMs + ttl.toMillis() <= nowMs).isPresent();
        }

        /** The only version that may execute it, null when any may: a lock beats a wish (features #146). */
        @JsonIgnore
        public String pinnedVersion() {
            String lock = request.config() == null ? null : request.config().lockToVersion();
            return lock == null ? request.requestedVersion() : lock;
        }

        public Dispatched dispatchedTo(WorkerPoll poll, long nowMs) {
            return new Dispatched(request, attempt, position, dispatches + 1, poll.gatewayId(), poll.workerId(),
                    poll.version(), nowMs,
                    steps.plus(new RunStep(RunStep.Type.DISPATCHED, nowMs, attempt, poll.workerId(),
                            poll.version(), null)));
        }
    }

    /**
     * Assigned to a worker that has not yet said that it starts. No lease yet: it goes back when the start does not come.
     *
     * @param dispatch number of this assignment, from 1
     */
    record Dispatched(StartRun request, int attempt, long position, int dispatch, String gatewayId, String workerId,
            String workerVersion, long dispatchedAtMs, RunSteps steps) implements Held {
        public Dispatched {
            steps = orNone(steps);
        }

        /** @param reason why, for people */
        public Queued requeued(long nowMs, String reason) {
            return new Queued(request, attempt, position, dispatch, with(RunStep.Type.RETURNED, nowMs, reason));
        }

        public Executing started(long nowMs) {
            return new Executing(request, attempt, gatewayId, workerId, workerVersion, nowMs, 0, steps);
        }
    }

    /** A worker has the run under its lease. */
    sealed interface Leased extends Held {
        long startedAtMs();

        default Stopping stopping(StopCause cause, long nowMs) {
            return new Stopping(request(), attempt(), gatewayId(), workerId(), workerVersion(), startedAtMs(), cause,
                    nowMs, with(RunStep.Type.STOPPING, nowMs, cause.label()));
        }
    }

    /** @param waitedMs how long it has waited so far: that does not count as executing (features #167) */
    record Executing(StartRun request, int attempt, String gatewayId, String workerId, String workerVersion,
            long startedAtMs, long waitedMs, RunSteps steps) implements Leased {
        public Executing {
            steps = orNone(steps);
        }

        private long executedMs(long nowMs) {
            return nowMs - startedAtMs - waitedMs;
        }

        /** Whether it has executed for longer than its maxDuration. */
        public boolean overdueAt(long nowMs) {
            return RunTerms.maxDuration(request).filter(most -> most.toMillis() <= executedMs(nowMs)).isPresent();
        }

        public Waiting waiting(long nowMs) {
            return new Waiting(request, attempt, gatewayId, workerId, workerVersion, startedAtMs, waitedMs, nowMs,
                    with(RunStep.Type.WAITING, nowMs, null));
        }
    }

    /** The worker says that the run does nothing but wait: for a message, for a timer. It takes no slot of a limit. */
    record Waiting(StartRun request, int attempt, String gatewayId, String workerId, String workerVersion,
            long startedAtMs, long waitedMs, long sinceMs, RunSteps steps) implements Leased {
        public Waiting {
            steps = orNone(steps);
        }

        public Executing goingOn(long nowMs) {
            return new Executing(request, attempt, gatewayId, workerId, workerVersion, startedAtMs,
                    waitedMs + nowMs - sinceMs, with(RunStep.Type.RESUMED, nowMs, null));
        }
    }

    /**
     * It must stop: every heartbeat tells the worker until it says that the run is over or the grace ends.
     *
     * @param askedAtMs when the grace began
     */
    record Stopping(StartRun request, int attempt, String gatewayId, String workerId, String workerVersion,
            long startedAtMs, StopCause cause, long askedAtMs, RunSteps steps) implements Leased {
        public Stopping {
            steps = orNone(steps);
        }
    }

    private static RunSteps orNone(RunSteps stored) {
        return stored == null ? RunSteps.NONE : stored;
    }
}
