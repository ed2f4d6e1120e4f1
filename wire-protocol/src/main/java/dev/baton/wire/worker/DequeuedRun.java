package dev.baton.wire.worker;

import dev.baton.wire.json.Json;
import dev.baton.wire.session.RunReason;

/**
 * A run handed to a worker. The worker now holds a lease on the attempt and keeps it by heartbeats.
 *
 * @param attempt from 1
 * @param payload what the agent gets
 * @param runToken credential for everything the run does over HTTP; works for this session and this generation only
 * @param apiUrl base URL of the session API, without a trailing slash
 * @param leaseTtlMs without a heartbeat for this long the run counts as crashed
 */
public record DequeuedRun(String runId, int attempt, long generation, RunReason reason, String task,
        String sessionId, String chatId, String previousRunId, Json payload, String runToken, String apiUrl,
        long leaseTtlMs) {}
