package dev.baton.run.domain;

/** Applies events to a queue: total and blind, no clock and no judgement. */
public final class RunEvolver {
    private RunEvolver() {}

    public static void evolve(MutableRunQueue queue, QueueEvent event) {
        switch (event) {
            case QueueEvent.RunQueued queued -> queue.putRun(queued.run());
            case QueueEvent.RunDispatched dispatched -> queue.putRun(dispatched.run());
            case QueueEvent.RunRequeued requeued -> queue.putRun(requeued.run());
            case QueueEvent.RunStarted started -> queue.putRun(started.run());
            case QueueEvent.RunWaited waited -> queue.putRun(waited.run());
            case QueueEvent.RunWentOn wentOn -> queue.putRun(wentOn.run());
            case QueueEvent.StopRequested requested -> queue.putRun(requested.run());
            case QueueEvent.RunEnded ended -> queue.removeRun(ended.last().runId());
            case QueueEvent.PollAnnounced announced -> queue.putPoll(announced.poll());
            case QueueEvent.PollSpent spent -> queue.putPoll(spent.poll());
            case QueueEvent.PollForgotten forgotten -> queue.removePoll(forgotten.pollId());
            case QueueEvent.WorkerHeard heard -> queue.putPulse(heard.pulse());
            case QueueEvent.WorkerForgotten forgotten -> queue.removePulse(forgotten.workerId());
            case QueueEvent.VersionSeen seen -> queue.putVersions(queue.versions().with(seen.version()));
            case QueueEvent.VersionPromoted promoted ->
                queue.putVersions(queue.versions().promoted(promoted.version()));
            case QueueEvent.LimitsSet set -> queue.putVersions(queue.versions().limitedTo(set.limits()));
        }
    }
}
