package dev.baton.run.domain;

import java.util.Optional;

import dev.baton.run.domain.RunState.Stopping;
import dev.baton.wire.run.RunStep;
import dev.baton.wire.run.RunSteps;
import dev.baton.wire.run.RunStepsRow;

/** Which events are told to everybody, and how (decision 0015). Pure. */
public final class RunPublication {
    private RunPublication() {}

    /** The steps of the run once this has happened; empty when it is no step. */
    public static Optional<RunStepsRow> of(QueueEvent event) {
        return switch (event) {
            case QueueEvent.RunDispatched dispatched -> row(dispatched.run());
            case QueueEvent.RunRequeued requeued -> row(requeued.run());
            case QueueEvent.RunWaited waited -> row(waited.run());
            case QueueEvent.RunWentOn wentOn -> row(wentOn.run());
            case QueueEvent.StopRequested requested -> row(requested.run());
            case QueueEvent.RunEnded ended when ended.last() instanceof Stopping stopping ->
                row(stopping, stopping.with(RunStep.Type.STOPPED, ended.at(), ended.error()));
            case QueueEvent.RunEnded _,QueueEvent.RunQueued _,QueueEvent.RunStarted _,QueueEvent.PollAnnounced _,QueueEvent.PollSpent _,QueueEvent.PollForgotten _,QueueEvent.WorkerHeard _,QueueEvent.WorkerForgotten _,QueueEvent.VersionSeen _,QueueEvent.VersionPromoted _,QueueEvent.LimitsSet _ ->
                Optional.empty();
        };
    }

    private static Optional<RunStepsRow> row(RunState run) {
        return row(run, run.steps());
    }

    private static Optional<RunStepsRow> row(RunState run, RunSteps steps) {
        return Optional.of(new RunStepsRow(RunStepsRow.FORMAT, run.request().sessionKey().environmentId(),
                run.request().sessionId(), run.request().sessionKey().chatId(), run.runId(), steps));
    }
}
