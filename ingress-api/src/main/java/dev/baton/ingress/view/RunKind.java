package dev.baton.ingress.view;

/**
 * What filters tell runs apart by, but for their sessions.
 *
 * @param taskIdentifier null in provenance that was written before it was kept there
 * @param workerVersion null until a worker has started it
 */
record RunKind(String taskIdentifier, RunStatus status, String workerVersion) {
    static RunKind of(KnownRun run) {
        return new RunKind(run.row().taskIdentifier(), run.status(), run.row().workerVersion());
    }
}
