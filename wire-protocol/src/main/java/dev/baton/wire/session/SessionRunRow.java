package dev.baton.wire.session;

/**
 * Provenance of one run of a session: the value of topic {@code baton.session-runs}. Written in the transaction of the
 * hand-over itself and again when the run starts and ends. Times are epoch milliseconds, null means not yet.
 *
 * @param v format version of this row, {@value #FORMAT}
 * @param sessionId friendly id
 * @param taskIdentifier of the session when the run was requested
 * @param generation 1 for the first run of a session, +1 at every hand-over, no gaps
 * @param previousRunId the run before it, null for the first
 * @param requestedVersion worker version that was asked for, null for the current one
 * @param workerVersion version of the worker that started it
 * @param turnsServed turns that were settled while it owned the session
 */
public record SessionRunRow(int v, String environmentId, String sessionId, String chatId, String runId,
        String taskIdentifier, RunReason reason, long generation, String previousRunId, String requestedVersion,
        String workerVersion,
        int attempt, long requestedAt, Long startedAt, Long endedAt, RunOutcome outcome, String error,
        int turnsServed) {
    public static final int FORMAT = 1;
}
