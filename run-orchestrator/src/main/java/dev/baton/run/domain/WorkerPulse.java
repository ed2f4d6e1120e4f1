package dev.baton.run.domain;

import java.util.Set;

/**
 * The last heartbeat of a worker for one task. Kept in memory only.
 *
 * @param gatewayId the gateway that heard it
 * @param toStart runs it was given, has, and did not start yet: slow is not lost
 * @param capacity how many runs it may hold, as it said when it registered; 0 when it did not say
 */
public record WorkerPulse(String workerId, String gatewayId, long heardAtMs, Set<String> toStart, int capacity) {
    public WorkerPulse {
        toStart = Set.copyOf(toStart);
    }
}
