package dev.baton.ingress.view;

import java.util.Locale;

import dev.baton.wire.run.RunSteps;
import dev.baton.wire.session.SessionRunRow;

/** How a run stands: on its way, with a worker, or over in one of the ways of its outcome. */
public enum RunStatus {
    QUEUED,
    /** Given to a worker that has not said yet that it starts. */
    DISPATCHED,
    EXECUTING,
    /** Its worker says that it does nothing but wait. */
    WAITING,
    /** Its worker is told to stop it; the session still counts it as its run. */
    STOPPING,
    COMPLETED,
    FAILED,
    CRASHED,
    CANCELLED,
    EXPIRED,
    TIMED_OUT,
    SUPERSEDED;

    /** Provenance decides whether it has started and whether it is over; the steps say what it does in between. */
    public static RunStatus of(SessionRunRow run, RunSteps steps) {
        if (run.outcome() != null) {
            return valueOf(run.outcome().name());
        }
        RunStatus before = run.startedAt() == null ? QUEUED : EXECUTING;
        if (steps.newest().isEmpty()) {
            return before;
        }
        return switch (steps.newest().getLast().type()) {
            case DISPATCHED -> run.startedAt() == null ? DISPATCHED : EXECUTING;
            case WAITING -> WAITING;
            case STOPPING -> STOPPING;
            case RETURNED, RESUMED, STOPPED -> before;
        };
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
