package dev.baton.run.domain;

/**
 * The last heartbeat of a worker for one task. Kept in memory only.
 *
 * @param gatewayId the gateway that heard it
 */
public record WorkerPulse(String workerId, String gatewayId, long heardAtMs) {}
