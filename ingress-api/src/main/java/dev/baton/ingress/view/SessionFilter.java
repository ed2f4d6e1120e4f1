package dev.baton.ingress.view;

import java.util.Set;

import dev.baton.wire.session.SessionRow;

/**
 * Which sessions a list is about. All conditions must hold; of the values of one condition any will do, and a condition
 * without values asks nothing (contract §1.3). Times are epoch milliseconds.
 *
 * @param tags a session that has one of them fits
 * @param createdFrom the first time that fits
 * @param createdTo the last time that fits
 * @param now the time that statuses are derived at
 */
public record SessionFilter(Set<String> types, Set<String> tags, Set<String> taskIdentifiers, Set<String> externalIds,
        Set<SessionStatus> statuses, long createdFrom, long createdTo, long now) {
    public SessionFilter {
        types = Set.copyOf(types);
        tags = Set.copyOf(tags);
        taskIdentifiers = Set.copyOf(taskIdentifiers);
        externalIds = Set.copyOf(externalIds);
        statuses = Set.copyOf(statuses);
    }

    /** Every condition but that on the time of creation, which the index has judged. */
    boolean matches(SessionRow row) {
        return fits(types, row.type()) && fits(taskIdentifiers, row.taskIdentifier())
                && fits(statuses, SessionStatus.of(row, now))
                && (externalIds.isEmpty() || row.externalId() != null && externalIds.contains(row.externalId()))
                && (tags.isEmpty() || row.tags() != null && row.tags().stream().anyMatch(tags::contains));
    }

    private static <T> boolean fits(Set<T> wanted, T value) {
        return wanted.isEmpty() || wanted.contains(value);
    }
}
