package dev.baton.wire.run;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Something that happened to a run between its request and its end, as the orchestrator saw it.
 *
 * @param at epoch milliseconds of the run topology's clock
 * @param attempt from 1
 * @param workerId the worker it is about
 * @param reason short text for people, null when the type says it all
 */
public record RunStep(Type type, long at, int attempt, String workerId, String workerVersion, String reason) {
    /** That a run was requested, started and ended is no step: its provenance says so. */
    public enum Type {
        /** Given to a worker, which has not said yet that it starts. */
        DISPATCHED,
        /** Back in its queue: that worker did not start it. */
        RETURNED,
        /** Its worker says that it does nothing but wait. */
        WAITING,
        /** Its worker says that it goes on. */
        RESUMED,
        /** Its worker is told to stop it. */
        STOPPING,
        /** Its worker has stopped it, or the grace is over. */
        STOPPED;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static Type ofLabel(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }
}
