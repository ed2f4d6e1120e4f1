package dev.baton.run.domain;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import dev.baton.wire.run.RunRequest.StartRun;

/**
 * A run that is not over. Runs that are over have no state.
 *
 * <pre>
 *                   assign                    start
 *   ─▶ Queued ─────────────────▶ Dispatched ─────────▶ Executing ─▶ over: completed, failed, cancelled, crashed
 *        │  ◀─────────────────────  │  │
 *        │    returned, timed out      │
 *        └─▶ over: withdrawn           └─▶ over: withdrawn, completed without a start
 * </pre>
 *
 * {@link RunMove} lists these moves and a test compares. This is the stored format of the run store; the type name
 * carries its version.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(value = RunState.Queued.class, name = "queued/1"),
        @JsonSubTypes.Type(value = RunState.Dispatched.class, name = "dispatched/1"),
        @JsonSubTypes.Type(value = RunState.Executing.class, name = "executing/1")})
public sealed interface RunState {
    StartRun request();

    /** From 1. */
    int attempt();

    @JsonIgnore
    default String runId() {
        return request().runId();
    }

    /** A run that some worker was given. */
    sealed interface Held extends RunState {
        String workerId();

        /** The gateway the worker got it from. */
        String gatewayId();

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
    record Queued(StartRun request, int attempt, long position, int dispatches) implements RunState {
        public boolean dueAt(long nowMs) {
            return request.notBefore() <= nowMs;
        }

        /** The only version that may execute it, null when any may: a lock beats a wish (features #146). */
        @JsonIgnore
        public String pinnedVersion() {
            String lock = request.config() == null ? null : request.config().lockToVersion();
            return lock == null ? request.requestedVersion() : lock;
        }

        public Dispatched dispatchedTo(WorkerPoll poll, long nowMs) {
            return new Dispatched(request, attempt, position, dispatches + 1, poll.gatewayId(), poll.workerId(),
                    poll.version(), nowMs);
        }
    }

    /**
     * Assigned to a worker that has not yet said that it starts. No lease yet: it goes back when the start does not come.
     *
     * @param dispatch number of this assignment, from 1
     */
    record Dispatched(StartRun request, int attempt, long position, int dispatch, String gatewayId, String workerId,
            String workerVersion, long dispatchedAtMs) implements Held {
        public Queued requeued() {
            return new Queued(request, attempt, position, dispatch);
        }

        public Executing started(long nowMs) {
            return new Executing(request, attempt, gatewayId, workerId, workerVersion, nowMs, false);
        }
    }

    /**
     * A worker executes it under its lease.
     *
     * @param cancelRequested the session needs it no more; every heartbeat tells the worker until the run ends
     */
    record Executing(StartRun request, int attempt, String gatewayId, String workerId, String workerVersion,
            long startedAtMs, boolean cancelRequested) implements Held {
        public Executing withdrawn() {
            return new Executing(request, attempt, gatewayId, workerId, workerVersion, startedAtMs, true);
        }
    }
}
