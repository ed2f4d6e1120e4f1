package dev.baton.run.domain;

import java.util.Set;

/**
 * The last heartbeat of a worker for one task. Kept in memory only.
 *
 * @param gatewayId the gateway that heard it
 * @param toStart runs it was given, has, and did not start yet: slow is not lost
 */
public record WorkerPulse(String workerId, String gatewayId, long heardAtMs, Set<String> toStart) {
    public WorkerPulse {
        toStart = Set.copyOf(toStart);
    }
}
