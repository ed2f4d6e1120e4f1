package dev.baton.run.domain;

import java.util.Map;

import dev.baton.run.domain.RunState.Dispatched;
import dev.baton.run.domain.RunState.Executing;
import dev.baton.run.domain.RunState.Queued;
import dev.baton.run.domain.RunState.Stopping;
import dev.baton.run.domain.RunState.Waiting;
import dev.baton.wire.session.RunOutcome;

/** What a decision changes in a queue. Applied by {@link RunEvolver}, complete in itself. */
public sealed interface QueueEvent {
    record RunQueued(Queued run) implements QueueEvent {}

    record RunDispatched(Dispatched run) implements QueueEvent {}

    /** It comes back from a worker that did not start it. */
    record RunRequeued(Queued run) implements QueueEvent {}

    record RunStarted(Executing run) implements QueueEvent {}

    /** The worker says that it does nothing but wait. */
    record RunWaited(Waiting run) implements QueueEvent {}

    record RunWentOn(Executing run) implements QueueEvent {}

    record StopRequested(Stopping run) implements QueueEvent {}

    /** @param last what it was before */
    record RunEnded(RunState last, RunOutcome outcome, String error, long at) implements QueueEvent {}

    record PollAnnounced(WorkerPoll poll) implements QueueEvent {}

    record PollSpent(WorkerPoll poll) implements QueueEvent {}

    record PollForgotten(String pollId) implements QueueEvent {}

    record WorkerHeard(WorkerPulse pulse) implements QueueEvent {}

    record WorkerForgotten(String workerId) implements QueueEvent {}

    /** A version that was unknown. */
    record VersionSeen(String version) implements QueueEvent {}

    /** Unlocked runs go to this version from now on. */
    record VersionPromoted(String version) implements QueueEvent {}

    record LimitsSet(Map<String, Integer> limits) implements QueueEvent {}
}
