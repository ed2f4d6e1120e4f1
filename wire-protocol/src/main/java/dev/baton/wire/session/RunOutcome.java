package dev.baton.wire.session;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How a run ended. */
public enum RunOutcome {
    /** The run returned by itself: idle window, endRun, turn limit. */
    COMPLETED,
    /** The agent's code failed in a way that ended the run. */
    FAILED,
    /** The worker was lost: no heartbeat, or the run vanished from it. */
    CRASHED,
    /** Somebody cancelled the run. */
    CANCELLED,
    /** It waited longer for a worker than its ttl. */
    EXPIRED,
    /** It ran longer than its maxDuration. */
    TIMED_OUT,
    /** It handed the session over to a successor of its own choice (end-and-continue). */
    SUPERSEDED;

    @JsonValue
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    @JsonCreator
    public static RunOutcome ofLabel(String label) {
        return valueOf(label.toUpperCase(java.util.Locale.ROOT));
    }
}
