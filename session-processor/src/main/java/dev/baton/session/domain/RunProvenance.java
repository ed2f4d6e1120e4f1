package dev.baton.session.domain;

import dev.baton.wire.Names;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionRunRow;

/** The life of one provenance row: written at the hand-over, again at each start and turn, last at the end. */
final class RunProvenance {
    private RunProvenance() {}

    /**
     * The row of the next run of a session. A version lock is re-applied to every run and beats the version that an
     * upgrade asks for (features #146).
     *
     * @param requestedVersion null for the current version
     */
    static SessionRunRow requested(SessionFacts facts, RunReason reason, String requestedVersion, long at) {
        SessionProfile profile = facts.profile();
        long generation = facts.ownership().generation() + 1;
        String previousRunId = facts.ownership().lastRun().map(SessionRunRow::runId).orElse(null);
        String lock = profile.triggerConfig().lockToVersion();
        return new SessionRunRow(SessionRunRow.FORMAT, profile.environmentId(), profile.id(), profile.key().chatId(),
                Names.runId(profile.id(), generation), profile.taskIdentifier(), reason, generation, previousRunId,
                lock == null ? requestedVersion : lock, null, 0, at, null, null, null, null, 0);
    }

    /** Later attempts keep the time of the first start: the row tells of the run, not of its attempts. */
    static SessionRunRow started(SessionRunRow row, SessionEvent.RunStarted start) {
        Long startedAt = row.startedAt() == null ? Long.valueOf(start.at()) : row.startedAt();
        return new SessionRunRow(row.v(), row.environmentId(), row.sessionId(), row.chatId(), row.runId(),
                row.taskIdentifier(), row.reason(),
                row.generation(), row.previousRunId(), row.requestedVersion(), start.workerVersion(), start.attempt(),
                row.requestedAt(), startedAt, null, null, null, row.turnsServed());
    }

    static SessionRunRow ended(SessionRunRow row, long at, RunOutcome outcome, String error) {
        return new SessionRunRow(row.v(), row.environmentId(), row.sessionId(), row.chatId(), row.runId(),
                row.taskIdentifier(), row.reason(),
                row.generation(), row.previousRunId(), row.requestedVersion(), row.workerVersion(), row.attempt(),
                row.requestedAt(), row.startedAt(), at, outcome, error, row.turnsServed());
    }

    /** Without what the run said about its end. */
    static SessionRunRow receipt(SessionRunRow row) {
        return new SessionRunRow(row.v(), row.environmentId(), row.sessionId(), row.chatId(), row.runId(),
                row.taskIdentifier(), row.reason(), row.generation(), row.previousRunId(), row.requestedVersion(),
                row.workerVersion(), row.attempt(), row.requestedAt(), row.startedAt(), row.endedAt(), row.outcome(),
                null, row.turnsServed());
    }

    static SessionRunRow turnServed(SessionRunRow row) {
        return new SessionRunRow(row.v(), row.environmentId(), row.sessionId(), row.chatId(), row.runId(),
                row.taskIdentifier(), row.reason(),
                row.generation(), row.previousRunId(), row.requestedVersion(), row.workerVersion(), row.attempt(),
                row.requestedAt(), row.startedAt(), row.endedAt(), row.outcome(), row.error(), row.turnsServed() + 1);
    }
}
