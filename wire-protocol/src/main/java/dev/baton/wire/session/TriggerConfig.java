package dev.baton.wire.session;

import java.util.List;

import dev.baton.wire.json.Json;

/**
 * How the runs of a session are started (contract §1.1). Bounds are checked at the ingress; null means absent.
 *
 * @param basePayload the payload every run starts from; {@code message}, {@code messages} and {@code trigger} in it are
 *     for the first run only
 * @param maxDuration seconds
 * @param idleTimeoutInSeconds 1–3600
 * @param ttl a duration text or whole seconds, as the client gave it
 */
public record TriggerConfig(Json basePayload, String machine, String queue, List<String> tags, Integer maxAttempts,
        Integer maxDuration, String lockToVersion, String region, Integer idleTimeoutInSeconds,
        List<String> concurrency, String concurrencyKey, String externalDeploymentId, Json ttl) {}
