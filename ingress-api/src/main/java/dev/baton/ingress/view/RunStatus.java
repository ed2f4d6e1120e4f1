package dev.baton.ingress.view;

import java.util.Locale;

import dev.baton.wire.session.SessionRunRow;

/** How a run stands, from its provenance: on its way, with a worker, or over in one of the ways of its outcome. */
public enum RunStatus {
    QUEUED,
    EXECUTING,
    COMPLETED,
    FAILED,
    CRASHED,
    CANCELLED,
    EXPIRED,
    TIMED_OUT,
    SUPERSEDED;

    public static RunStatus of(SessionRunRow run) {
        if (run.outcome() != null) {
            return valueOf(run.outcome().name());
        }
        return run.startedAt() == null ? QUEUED : EXECUTING;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
