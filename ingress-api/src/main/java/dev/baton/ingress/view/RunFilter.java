package dev.baton.ingress.view;

import java.util.Set;

import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

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

    /** @param session of the run */
    boolean matches(SessionRunRow run, SessionRow session) {
        return fits(taskIdentifiers, session.taskIdentifier()) && fits(statuses, RunStatus.of(run))
                && (versions.isEmpty() || run.workerVersion() != null && versions.contains(run.workerVersion()))
                && (sessions.isEmpty() || sessions.contains(run.sessionId()) || sessions.contains(run.chatId()));
    }

    private static <T> boolean fits(Set<T> wanted, T value) {
        return wanted.isEmpty() || wanted.contains(value);
    }
}
