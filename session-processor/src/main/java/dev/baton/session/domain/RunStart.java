package dev.baton.session.domain;

import dev.baton.wire.json.Json;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.session.SessionRunRow;
import dev.baton.wire.session.TriggerConfig;

/** Makes the request for a run, with the payload its agent gets (contract §1.7, §1.9). */
final class RunStart {
    private static final String SESSION_ID = "sessionId";
    private static final String CONTINUATION = "continuation";
    private static final String PREVIOUS_RUN_ID = "previousRunId";
    private static final String IDLE_TIMEOUT = "idleTimeoutInSeconds";

    private RunStart() {}

    static RunRequest.StartRun request(SessionProfile profile, SessionRunRow run, long notBefore) {
        return new RunRequest.StartRun(run.runId(), profile.key(), profile.id(), profile.taskIdentifier(),
                run.generation(), run.reason(), run.previousRunId(), payload(profile, run),
                withoutPayload(profile.triggerConfig()), run.requestedVersion(), run.requestedAt(), notBefore);
    }

    /**
     * What the caller put into the base payload comes first and our own fields last, so that no caller can set or unset
     * them (features #22). A continuation never sees the first message again (features #139).
     */
    private static Json payload(SessionProfile profile, SessionRunRow run) {
        Json base = profile.triggerConfig().basePayload().without(CONTINUATION, PREVIOUS_RUN_ID);
        Json payload = run.previousRunId() == null
                ? base.with(SESSION_ID, profile.id())
                : base.without("message", "messages", "trigger").with(SESSION_ID, profile.id()).with(CONTINUATION, true)
                        .with(PREVIOUS_RUN_ID, run.previousRunId());
        Integer idleSeconds = profile.triggerConfig().idleTimeoutInSeconds();
        return idleSeconds == null ? payload : payload.with(IDLE_TIMEOUT, idleSeconds.longValue());
    }

    private static TriggerConfig withoutPayload(TriggerConfig config) {
        return new TriggerConfig(null, config.machine(), config.queue(), config.tags(), config.maxAttempts(),
                config.maxDuration(), config.lockToVersion(), config.region(), config.idleTimeoutInSeconds(),
                config.concurrency(), config.concurrencyKey(), config.externalDeploymentId(), config.ttl());
    }
}
