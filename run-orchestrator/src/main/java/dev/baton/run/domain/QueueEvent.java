package dev.baton.run.domain;

import dev.baton.run.domain.RunState.Dispatched;
import dev.baton.run.domain.RunState.Executing;
import dev.baton.run.domain.RunState.Queued;

/** What a decision changes in a queue. Applied by {@link RunEvolver}, complete in itself. */
public sealed interface QueueEvent {
    record RunQueued(Queued run) implements QueueEvent {}

    record RunDispatched(Dispatched run) implements QueueEvent {}

    /** It comes back from a worker that did not start it. */
    record RunRequeued(Queued run) implements QueueEvent {}

    record RunStarted(Executing run) implements QueueEvent {}

    record CancelRequested(Executing run) implements QueueEvent {}

    record RunEnded(String runId) implements QueueEvent {}

    record PollAnnounced(WorkerPoll poll) implements QueueEvent {}

    record PollSpent(WorkerPoll poll) implements QueueEvent {}

    record PollForgotten(String pollId) implements QueueEvent {}

    record WorkerHeard(WorkerPulse pulse) implements QueueEvent {}

    record WorkerForgotten(String workerId) implements QueueEvent {}

    record VersionSeen(String version) implements QueueEvent {}
}
