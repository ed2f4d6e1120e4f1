package dev.baton.snapshot;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import dev.baton.snapshot.turn.TurnOutcome;

/** Meters of the snapshotter. Any thread. */
public final class SnapshotterMetrics {
    private final MeterRegistry registry;
    private final Timer turnTime;
    private final Counter storeFailures;
    private final Counter reportFailures;
    private final Counter unreadable;
    private final Counter abandoned;
    private final Counter removals;
    private final AtomicLong pending;
    private final AtomicLong bufferedBytes;
    private final AtomicLong voidRecords;

    public SnapshotterMetrics(MeterRegistry registry) {
        this.registry = registry;
        turnTime = Timer.builder("baton.snapshotter.turn").description("From a boundary to its stored snapshot")
                .register(registry);
        storeFailures = registry.counter("baton.snapshotter.store.failures");
        reportFailures = registry.counter("baton.snapshotter.report.failures");
        unreadable = registry.counter("baton.snapshotter.records.unreadable");
        abandoned = registry.counter("baton.snapshotter.boundaries.abandoned");
        removals = Counter.builder("baton.snapshotter.removals")
                .description("Names that were cleared because their session was deleted").register(registry);
        pending = registry.gauge("baton.snapshotter.boundaries.pending", new AtomicLong());
        bufferedBytes = registry.gauge("baton.snapshotter.buffered.bytes", new AtomicLong());
        voidRecords = registry.gauge("baton.snapshotter.records.void", new AtomicLong());
    }

    void turn(TurnOutcome outcome, Duration sinceBoundary) {
        registry.counter("baton.snapshotter.turns", "outcome", outcome.label()).increment();
        turnTime.record(sinceBoundary);
    }

    void storeFailed() {
        storeFailures.increment();
    }

    void reportFailed() {
        reportFailures.increment();
    }

    void unreadableRecord() {
        unreadable.increment();
    }

    void boundaryAbandoned() {
        abandoned.increment();
    }

    void removed() {
        removals.increment();
    }

    void levels(int pendingBoundaries, long buffered, long voids) {
        pending.set(pendingBoundaries);
        bufferedBytes.set(buffered);
        voidRecords.set(voids);
    }
}
