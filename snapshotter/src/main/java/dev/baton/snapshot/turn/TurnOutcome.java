package dev.baton.snapshot.turn;

import java.util.Locale;

/** What came of a turn boundary. */
public enum TurnOutcome {
    /** The snapshot of this boundary is stored. */
    WRITTEN,
    /** One of this boundary or a later one was stored before: a boundary that is read again after a restart. */
    ALREADY_THERE,
    /** The agent keeps the history of this session itself. */
    STOOD_DOWN,
    /** The environment in the record key is not one of this installation, so the object has no name. */
    ENVIRONMENT_UNKNOWN,
    /** The session was deleted: it has no history any more. */
    DELETED,
    /** The writer of the record had lost the session: this is no boundary. */
    VOID,
    /** No row of the session yet: the record may have overtaken it. Try again. */
    ROW_MISSING;

    /** As in metrics: {@code already-there}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
