package dev.baton.ingress.view;

import java.util.Set;

/**
 * Which runs a list is about. All conditions must hold; of the values of one condition any will do, and a condition without
 * values asks nothing.
 *
 * @param sessions friendly ids or externalIds
 * @param versions of the workers that started them
 */
public record RunFilter(Set<String> sessions, Set<String> taskIdentifiers, Set<RunStatus> statuses,
        Set<String> versions) {
    public RunFilter {
        sessions = Set.copyOf(sessions);
        taskIdentifiers = Set.copyOf(taskIdentifiers);
        statuses = Set.copyOf(statuses);
        versions = Set.copyOf(versions);
    }

    /** Whether all runs of this kind fit, whatever session they are of. */
    boolean matches(RunKind kind) {
        return fits(taskIdentifiers, kind.taskIdentifier()) && fits(statuses, kind.status())
                && fits(versions, kind.workerVersion());
    }

    private static <T> boolean fits(Set<T> wanted, T value) {
        return wanted.isEmpty() || value != null && wanted.contains(value);
    }
}
