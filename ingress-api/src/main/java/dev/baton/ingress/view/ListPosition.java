package dev.baton.ingress.view;

import java.util.Comparator;

import dev.baton.wire.session.SessionRow;

/**
 * Where a session, or a run, stands in lists of its environment: the newest first, of two of the same millisecond the one with the
 * higher id (contract §1.3). It never changes, so a cursor that holds it stays good whatever happens to the row.
 *
 * @param createdAt epoch milliseconds; of a run when it was requested
 * @param id friendly id
 */
public record ListPosition(long createdAt, String id) implements Comparable<ListPosition> {
    private static final Comparator<ListPosition> NEWEST_FIRST = Comparator.comparingLong(ListPosition::createdAt)
            .thenComparing(ListPosition::id).reversed();
    /** Greater than every friendly id. */
    private static final String AFTER_ALL_IDS = "\uffff";

    public static ListPosition of(SessionRow row) {
        return new ListPosition(row.createdAt(), row.id());
    }

    /** Just before all sessions that were created at this time. */
    static ListPosition before(long createdAt) {
        return new ListPosition(createdAt, AFTER_ALL_IDS);
    }

    /** Just behind all sessions that were created at this time. */
    static ListPosition behind(long createdAt) {
        return new ListPosition(createdAt, "");
    }

    @Override
    public int compareTo(ListPosition other) {
        return NEWEST_FIRST.compare(this, other);
    }
}
