package dev.baton.wire.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import dev.baton.wire.json.Json;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.TriggerConfig;

/** What the session topology asks of the orchestrator: the value of topic {@code baton.run-requests}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(value = RunRequest.StartRun.class, name = "start-run/1"),
        @JsonSubTypes.Type(value = RunRequest.WithdrawRun.class, name = "withdraw-run/1")})
public sealed interface RunRequest {
    String runId();

    /**
     * Start this run on some worker of the task.
     *
     * @param payload what the agent gets, complete
     * @param config machine, queue, attempts and so on; its basePayload is null here
     * @param requestedVersion worker version it must have, null for any current one
     * @param notBefore epoch milliseconds; later than {@code requestedAt} after a series of fruitless runs
     */
    record StartRun(String runId, SessionKey sessionKey, String sessionId, String taskIdentifier, long generation,
            RunReason reason, String previousRunId, Json payload, TriggerConfig config, String requestedVersion,
            long requestedAt, long notBefore) implements RunRequest {}

    /** The session needs this run no more: drop it if it is queued, cancel it if it runs. */
    record WithdrawRun(String runId, SessionKey sessionKey, long requestedAt) implements RunRequest {}
}
