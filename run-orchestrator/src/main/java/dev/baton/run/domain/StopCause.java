package dev.baton.run.domain;

import java.util.Locale;

import dev.baton.wire.session.RunOutcome;

/** Why a run must stop. */
public enum StopCause {
    /** The session needs it no more, or somebody cancelled it. */
    WITHDRAWN,
    /** It has executed for longer than its {@code maxDuration}. */
    TIMED_OUT;

    /** For people. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the run counts as when its worker does not end it. */
    public RunOutcome outcome() {
        return switch (this) {
            case WITHDRAWN -> RunOutcome.CANCELLED;
            case TIMED_OUT -> RunOutcome.TIMED_OUT;
        };
    }

    /** What the run counts as when its worker ends it in time: too late is too late, whatever the worker says. */
    public RunOutcome outcome(RunOutcome reported) {
        return switch (this) {
            case WITHDRAWN -> reported;
            case TIMED_OUT -> RunOutcome.TIMED_OUT;
        };
    }
}
