package dev.baton.run.domain;

/**
 * A long poll as the topology knows it. Kept in memory only: the gateway announces it again every second.
 *
 * @param announcedAtMs when the gateway last said that it waits
 * @param spent it was answered. It is remembered until its announcement is stale, because an announcement that was
 *     under way meanwhile would bring it back
 */
public record WorkerPoll(String pollId, String gatewayId, String workerId, String version, int slots,
        long announcedAtMs, boolean spent) {
    public WorkerPoll asSpent() {
        return new WorkerPoll(pollId, gatewayId, workerId, version, slots, announcedAtMs, true);
    }

    public boolean staleAt(long nowMs, RunLimits limits) {
        return announcedAtMs + limits.pollTtl().toMillis() <= nowMs;
    }
}
