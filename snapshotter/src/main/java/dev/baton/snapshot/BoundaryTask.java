package dev.baton.snapshot;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.baton.wire.history.Boundary;

/**
 * A boundary on its way to its snapshot and its report. Owned by the loop thread; only {@code reporting} is shared with
 * the worker, so that one of the two sends the report.
 */
public final class BoundaryTask {
    final int partition;
    final Boundary boundary;
    final Instant readyAt;
    final AtomicBoolean reporting = new AtomicBoolean();
    boolean running;
    boolean stored;
    boolean reported;
    /** No row yet: nobody would know what to do with a report. */
    boolean rowMissing;
    int failures;
    Instant nextAttempt;

    public BoundaryTask(int partition, Boundary boundary, Instant readyAt) {
        this.partition = partition;
        this.boundary = boundary;
        this.readyAt = readyAt;
        this.nextAttempt = readyAt;
    }
}
