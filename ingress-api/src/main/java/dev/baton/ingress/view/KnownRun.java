package dev.baton.ingress.view;

import dev.baton.wire.run.RunSteps;
import dev.baton.wire.session.SessionRunRow;

/** A run with all that is known of it. @param steps {@link RunSteps#NONE} while it waits in its queue, or when they are old */
public record KnownRun(SessionRunRow row, RunSteps steps) {
    public RunStatus status() {
        return RunStatus.of(row, steps);
    }
}
