package dev.baton.run.domain;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.baton.run.domain.RunEffect.TellGateway;
import dev.baton.run.domain.RunEffect.TellSession;
import dev.baton.run.domain.RunReport.AssignmentReturned;
import dev.baton.run.domain.RunReport.PollEnded;
import dev.baton.run.domain.RunReport.PollsOpen;
import dev.baton.run.domain.RunReport.RunEndReported;
import dev.baton.run.domain.RunReport.RunStartReported;
import dev.baton.run.domain.RunReport.VersionPromoted;
import dev.baton.run.domain.RunReport.WorkerBeat;
import dev.baton.run.domain.RunReport.WorkerRegistered;
import dev.baton.run.domain.RunState.Dispatched;
import dev.baton.run.domain.RunState.Executing;
import dev.baton.run.domain.RunState.Held;
import dev.baton.run.domain.RunState.Leased;
import dev.baton.run.domain.RunState.Queued;
import dev.baton.run.domain.RunState.Stopping;
import dev.baton.run.domain.RunState.Waiting;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.run.RunRequest.StartRun;
import dev.baton.wire.run.RunRequest.WithdrawRun;
import dev.baton.wire.run.RunSteps;
import dev.baton.wire.session.RunOutcome;

/**
 * Judges what one input means for one queue (design D7, decision 0006). Pure. Assigning runs to polls is a second step,
 * {@link RunDispatcher}, taken after the events of this one were applied.
 *
 * <p>All times are the topology's own clock: gateways and workers need no synchronised clocks.
 */
public final class RunDecider {
    private static final int FIRST_ATTEMPT = 1;

    private final RunLimits limits;

    public RunDecider(RunLimits limits) {
        this.limits = limits;
    }

    /** @param nowMs epoch milliseconds of the topology's clock when the input is decided */
    public Decision decide(RunQueue queue, RunInput input, long nowMs) {
        Decision.Draft draft = new Decision.Draft();
        switch (input) {
            case RunInput.Requested requested -> {
                switch (requested.request()) {
                    case StartRun start -> enqueue(queue, start, draft);
                    case WithdrawRun withdraw -> withdraw(queue, withdraw, nowMs, draft);
                }
            }
            case RunInput.Reported reported -> judge(queue, reported.report(), nowMs, draft);
            case RunInput.Tick tick -> expire(queue, tick.watchingSinceMs(), nowMs, draft);
        }
        return draft.done();
    }

    private void judge(RunQueue queue, RunReport report, long nowMs, Decision.Draft draft) {
        switch (report) {
            case PollsOpen open -> announce(queue, open, nowMs, draft);
            case PollEnded ended -> queue.poll(ended.pollId())
                    .ifPresent(poll -> draft.event(new QueueEvent.PollSpent(poll.asSpent())));
            case AssignmentReturned returned -> takeBack(queue, returned, nowMs, draft);
            case WorkerRegistered registered -> VersionDecider.register(queue, registered, nowMs, draft);
            case VersionPromoted promoted -> VersionDecider.promote(queue, promoted, draft);
            case WorkerBeat beat -> hear(queue, beat, nowMs, draft);
            case RunStartReported start -> start(queue, start, nowMs, draft);
            case RunEndReported end -> end(queue, end, nowMs, draft);
        }
    }

    /** A request that is repeated while its run lives changes nothing. */
    private static void enqueue(RunQueue queue, StartRun start, Decision.Draft draft) {
        if (queue.run(start.runId()).isEmpty()) {
            draft.event(new QueueEvent.RunQueued(new Queued(start, FIRST_ATTEMPT, queue.nextPosition(), 0,
                    RunSteps.NONE)));
        }
    }

    /** Told to stop twice is told once: the grace that runs goes on. */
    private static void withdraw(RunQueue queue, WithdrawRun withdraw, long nowMs, Decision.Draft draft) {
        queue.run(withdraw.runId()).ifPresent(run -> {
            switch (run) {
                // A worker that was given the run and starts it now is refused, so it is over at once.
                case Queued _,Dispatched _ -> endAs(RunOutcome.CANCELLED, "withdrawn before it started", run, nowMs,
                        draft);
                case Executing executing -> stop(queue, executing, StopCause.WITHDRAWN, nowMs, draft);
                case Waiting waiting -> stop(queue, waiting, StopCause.WITHDRAWN, nowMs, draft);
                case Stopping _ -> {
                }
            }
        });
    }

    private static void stop(RunQueue queue, Leased run, StopCause cause, long nowMs, Decision.Draft draft) {
        draft.event(new QueueEvent.StopRequested(run.stopping(cause, nowMs)));
        String gatewayId = queue.pulse(run.workerId()).map(WorkerPulse::gatewayId).orElse(run.gatewayId());
        tellToStop(gatewayId, run.runId(), run.workerId(), draft);
    }

    private static void announce(RunQueue queue, PollsOpen open, long nowMs, Decision.Draft draft) {
        Set<String> newVersions = new HashSet<>();
        for (RunReport.Poll poll : open.polls()) {
            if (!queue.versions().knows(poll.version()) && newVersions.add(poll.version())) {
                draft.event(new QueueEvent.VersionPromoted(poll.version()));
            }
            boolean spent = queue.poll(poll.pollId()).map(WorkerPoll::spent).orElse(false);
            if (!spent) {
                draft.event(new QueueEvent.PollAnnounced(new WorkerPoll(poll.pollId(), open.gatewayId(),
                        poll.workerId(), poll.version(), poll.slots(), nowMs, false)));
            }
        }
    }

    private static void takeBack(RunQueue queue, AssignmentReturned returned, long nowMs, Decision.Draft draft) {
        if (queue.run(returned.runId()).orElse(null) instanceof Dispatched dispatched
                && dispatched.dispatch() == returned.dispatch()) {
            draft.event(new QueueEvent.RunRequeued(dispatched.requeued(nowMs, "its worker could not be answered")));
        }
    }

    /**
     * Keeps the lease of everything the worker executes, and compares what it holds with what it should hold. A run
     * counts as vanished only if the worker was heard after the start and before this beat: a beat that was under way
     * while the run started says nothing about it.
     */
    private void hear(RunQueue queue, WorkerBeat beat, long nowMs, Decision.Draft draft) {
        WorkerPulse before = queue.pulse(beat.workerId()).orElse(null);
        long heardBeforeMs = before == null ? Long.MIN_VALUE : before.heardAtMs();
        Set<String> claimed = new HashSet<>(beat.runIds());
        draft.event(new QueueEvent.WorkerHeard(new WorkerPulse(beat.workerId(), beat.gatewayId(), nowMs,
                toStart(queue, beat.workerId(), claimed), before == null ? 0 : before.capacity())));
        for (Held run : List.copyOf(queue.held())) {
            if (run instanceof Leased leased && leased.workerId().equals(beat.workerId())) {
                if (claimed.contains(run.runId())) {
                    noteWaiting(leased, beat.waitingIds().contains(run.runId()), nowMs, draft);
                } else if (heardBeforeMs > leased.startedAtMs()) {
                    crash(leased, "expected worker " + beat.workerId()
                            + " to execute the run, but it vanished there", nowMs, draft);
                }
            }
        }
        for (String runId : claimed) {
            if (mustStop(queue.run(runId).orElse(null), beat.workerId())) {
                tellToStop(beat.gatewayId(), runId, beat.workerId(), draft);
            }
        }
        VersionDecider.tellToDrain(queue, beat, draft);
    }

    private static void noteWaiting(Leased run, boolean waits, long nowMs, Decision.Draft draft) {
        switch (run) {
            case Executing executing when waits -> draft.event(new QueueEvent.RunWaited(executing.waiting(nowMs)));
            case Waiting waiting when !waits -> draft.event(new QueueEvent.RunWentOn(waiting.goingOn(nowMs)));
            case Executing _,Waiting _,Stopping _ -> {
            }
        }
    }

    private static Set<String> toStart(RunQueue queue, String workerId, Set<String> claimed) {
        Set<String> toStart = new HashSet<>();
        for (String runId : claimed) {
            if (queue.run(runId).orElse(null) instanceof Dispatched run && run.workerId().equals(workerId)) {
                toStart.add(runId);
            }
        }
        return toStart;
    }

    /** Cancelled, over, or somebody else's. */
    private static boolean mustStop(RunState run, String workerId) {
        return switch (run) {
            case null -> true;
            case Queued _ -> true;
            case Dispatched dispatched -> !dispatched.workerId().equals(workerId);
            case Executing executing -> !executing.workerId().equals(workerId);
            case Waiting waiting -> !waiting.workerId().equals(workerId);
            case Stopping _ -> true;
        };
    }

    /**
     * Exactly one worker gets a yes per attempt: the one the run is assigned to at this moment. A worker whose
     * assignment timed out meanwhile is refused and must drop the run. Asking again gets the same answer.
     */
    private static void start(RunQueue queue, RunStartReported report, long nowMs, Decision.Draft draft) {
        RunState run = queue.run(report.runId()).orElse(null);
        boolean accepted = run instanceof Held held && held.isHeldBy(report.workerId(), report.attempt());
        if (accepted && run instanceof Dispatched dispatched) {
            draft.event(new QueueEvent.RunStarted(dispatched.started(nowMs)));
            StartRun request = run.request();
            draft.effect(new TellSession(request.sessionKey(),
                    new RunEvent.RunStarted(request.runId(), request.generation(), nowMs, run.attempt(),
                            report.workerId(), dispatched.workerVersion(), report.fenceOutSeq())));
        }
        draft.effect(new TellGateway(report.gatewayId(), new RunAssignment.AnswerStart(report.runId(),
                report.attempt(), report.workerId(), accepted)));
    }

    /** The end of a run that is not in the hands of this worker is old news. */
    private static void end(RunQueue queue, RunEndReported report, long nowMs, Decision.Draft draft) {
        if (queue.run(report.runId()).orElse(null) instanceof Held held
                && held.isHeldBy(report.workerId(), report.attempt())) {
            RunOutcome outcome = outcome(held, report);
            draft.event(new QueueEvent.RunEnded(held, outcome, report.error(), nowMs));
            tellSession(held, new RunEvent.RunEnded(held.runId(), held.request().generation(), nowMs, outcome,
                    report.settledInSeq(), report.firstTurnSettled(), report.error()), draft);
        }
    }

    /**
     * A cancelled run has no successor (design D4), so a worker's word is not enough: it may have stopped a run because
     * of an order that was meant for an earlier assignment of it.
     */
    private static RunOutcome outcome(Held held, RunEndReported report) {
        if (held instanceof Stopping stopping) {
            return stopping.cause().outcome(report.outcome());
        }
        return report.outcome() == RunOutcome.CANCELLED ? RunOutcome.FAILED : report.outcome();
    }

    private void expire(RunQueue queue, long watchingSinceMs, long nowMs, Decision.Draft draft) {
        for (Queued queued : List.copyOf(queue.queued())) {
            if (queued.expiredAt(nowMs)) {
                endAs(RunOutcome.EXPIRED, "no worker took it within its ttl", queued, nowMs, draft);
            }
        }
        for (Held held : List.copyOf(queue.held())) {
            switch (held) {
                case Dispatched dispatched -> {
                    if (startDueMs(queue, dispatched, watchingSinceMs) <= nowMs) {
                        draft.event(new QueueEvent.RunRequeued(dispatched.requeued(nowMs, "not started in time")));
                    }
                }
                case Leased leased when leaseEndMs(queue, leased, watchingSinceMs) <= nowMs ->
                    crash(leased, "expected a heartbeat from worker " + leased.workerId() + " within "
                            + limits.leaseTtl().toMillis() + " ms, but there was none", nowMs, draft);
                case Executing executing -> {
                    if (executing.overdueAt(nowMs)) {
                        stop(queue, executing, StopCause.TIMED_OUT, nowMs, draft);
                    }
                }
                case Stopping stopping -> endGrace(stopping, watchingSinceMs, nowMs, draft);
                case Waiting _ -> {
                }
            }
        }
        expirePollsAndPulses(queue, nowMs, draft);
    }

    /** Nobody could hear of the stop while we were down, so that time is no grace. */
    private void endGrace(Stopping run, long watchingSinceMs, long nowMs, Decision.Draft draft) {
        if (Math.max(run.askedAtMs(), watchingSinceMs) + limits.stopGrace().toMillis() <= nowMs) {
            endAs(run.cause().outcome(), "expected worker " + run.workerId() + " to stop the run within "
                    + limits.stopGrace().toMillis() + " ms, but it did not", run, nowMs, draft);
        }
    }

    /** From when on the run goes to another worker; a heartbeat that shows it in this worker's hands gives more time. */
    private long startDueMs(RunQueue queue, Dispatched dispatched, long watchingSinceMs) {
        long seenMs = queue.pulse(dispatched.workerId()).filter(pulse -> pulse.toStart().contains(dispatched.runId()))
                .map(WorkerPulse::heardAtMs).orElse(dispatched.dispatchedAtMs());
        return Math.max(Math.max(seenMs, dispatched.dispatchedAtMs()), watchingSinceMs)
                + limits.dispatchTimeout().toMillis();
    }

    /** While we were down or stalled nobody could be heard, so that time does not count. */
    private long leaseEndMs(RunQueue queue, Leased run, long watchingSinceMs) {
        long heardMs = queue.pulse(run.workerId()).map(WorkerPulse::heardAtMs).orElse(run.startedAtMs());
        return Math.max(Math.max(heardMs, run.startedAtMs()), watchingSinceMs) + limits.leaseTtl().toMillis();
    }

    /** Forgetting a poll or a pulse too early does no harm: the next announcement or heartbeat brings it back. */
    private void expirePollsAndPulses(RunQueue queue, long nowMs, Decision.Draft draft) {
        for (WorkerPoll poll : queue.polls()) {
            if (poll.staleAt(nowMs, limits)) {
                draft.event(new QueueEvent.PollForgotten(poll.pollId()));
            }
        }
        for (WorkerPulse pulse : queue.pulses()) {
            if (pulse.heardAtMs() + 2 * limits.leaseTtl().toMillis() <= nowMs) {
                draft.event(new QueueEvent.WorkerForgotten(pulse.workerId()));
            }
        }
    }

    /** A run that was to stop anyway is not to blame for being gone. */
    private static void crash(Leased run, String error, long nowMs, Decision.Draft draft) {
        RunOutcome outcome = switch (run) {
            case Executing _,Waiting _ -> RunOutcome.CRASHED;
            case Stopping stopping -> stopping.cause().outcome();
        };
        endAs(outcome, error, run, nowMs, draft);
    }

    private static void endAs(RunOutcome outcome, String error, RunState run, long nowMs, Decision.Draft draft) {
        draft.event(new QueueEvent.RunEnded(run, outcome, error, nowMs));
        tellSession(run,
                new RunEvent.RunEnded(run.runId(), run.request().generation(), nowMs, outcome, null, false, error),
                draft);
    }

    private static void tellSession(RunState run, RunEvent event, Decision.Draft draft) {
        draft.effect(new TellSession(run.request().sessionKey(), event));
    }

    private static void tellToStop(String gatewayId, String runId, String workerId, Decision.Draft draft) {
        draft.effect(new TellGateway(gatewayId, new RunAssignment.CancelRun(runId, workerId)));
    }
}
