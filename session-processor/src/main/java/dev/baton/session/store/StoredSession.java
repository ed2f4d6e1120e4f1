package dev.baton.session.store;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import dev.baton.session.domain.SessionCursors;
import dev.baton.session.domain.SessionProfile;
import dev.baton.wire.session.SessionRunRow;

/**
 * One session as it lies in the store and its changelog. Fields are only ever added; a change of meaning is a new
 * format, and readers of the old ones stay.
 *
 * @param v format, {@value #FORMAT}
 * @param closedAt epoch milliseconds, present exactly on closed and deleted sessions
 * @param run the run that owns the session or owned it last, absent while {@code owner} is unowned
 * @param notBefore epoch milliseconds, present exactly on requested runs
 * @param killedRuns of the fruitless ones; absent for none
 * @param deletedAt epoch milliseconds, present exactly on deleted sessions
 */
record StoredSession(int v, long rowVersion, SessionProfile profile, SessionCursors cursors, Long closedAt,
        String closedReason, String firstTurn, Owner owner, SessionRunRow run, Long notBefore,
        SessionRunRow previousRun, int fruitlessRuns, Integer killedRuns, Long deletedAt) {
    static final int FORMAT = 1;

    /** The kinds of ownership, by their stored labels. */
    enum Owner {
        UNOWNED("unowned"),
        REQUESTED("requested"),
        LIVE("live"),
        ENDED("ended");

        private final String label;

        Owner(String label) {
            this.label = label;
        }

        @JsonValue
        String label() {
            return label;
        }

        @JsonCreator
        static Owner ofLabel(String label) {
            for (Owner owner : values()) {
                if (owner.label.equals(label)) {
                    return owner;
                }
            }
            throw new IllegalArgumentException("expected a kind of ownership, but was '" + label + "'");
        }
    }
}
