package dev.baton.run.domain;

import java.time.Duration;

/**
 * How long the topology waits for others.
 *
 * @param leaseTtl without a heartbeat for this long a worker's runs count as crashed
 * @param dispatchTimeout an assigned run that was neither started nor seen at its worker for this long is assigned again
 * @param pollTtl a poll that was not announced for this long is forgotten
 * @param stopGrace a run that was told to stop and has not ended for this long is over without its worker's word
 */
public record RunLimits(Duration leaseTtl, Duration dispatchTimeout, Duration pollTtl, Duration stopGrace) {
    /** Above the time a gateway needs to write a fence while its broker fails over. */
    public static final Duration DISPATCH_TIMEOUT = Duration.ofSeconds(5);
    /** Three announcements may be lost. */
    public static final Duration POLL_TTL = Duration.ofMillis(3500);

    /** Time for an agent to break off and to say how far it came. */
    public static final Duration STOP_GRACE = Duration.ofSeconds(10);

    public static RunLimits withLeaseTtl(Duration leaseTtl) {
        return new RunLimits(leaseTtl, DISPATCH_TIMEOUT, POLL_TTL, STOP_GRACE);
    }

    public RunLimits withStopGrace(Duration grace) {
        return new RunLimits(leaseTtl, dispatchTimeout, pollTtl, grace);
    }
}
