package dev.baton.run.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import dev.baton.wire.service.Metrics;

/**
 * Meters of the orchestrator. Counters count decisions: one that is taken again after an aborted transaction counts
 * twice. Thread-safe.
 */
public final class RunMetrics {
    private final Map<String, Integer> queuedByTask = new ConcurrentHashMap<>();
    private final Counter assignments;
    private final Counter requeues;
    private final Counter crashes;
    private final Counter skipped;

    public RunMetrics(Metrics metrics) {
        MeterRegistry registry = metrics.registry();
        Gauge.builder("baton.orchestrator.runs.queued", this, RunMetrics::queued)
                .description("Runs that wait for a worker, backed-off ones included").register(registry);
        assignments = Counter.builder("baton.orchestrator.assignments")
                .description("Runs assigned to a worker's poll").register(registry);
        requeues = Counter.builder("baton.orchestrator.requeues")
                .description("Assignments that came back or were not started in time").register(registry);
        crashes = Counter.builder("baton.orchestrator.crashes")
                .description("Runs that ended because their worker was lost or lost them").register(registry);
        skipped = Counter.builder("baton.orchestrator.records.skipped")
                .description("Records that could not be read").register(registry);
    }

    /** Runs that wait in the queues of one topology task. */
    public void queued(String task, int runs) {
        queuedByTask.put(task, runs);
    }

    /** The task has moved away. */
    public void forget(String task) {
        queuedByTask.remove(task);
    }

    public double queued() {
        return queuedByTask.values().stream().mapToInt(Integer::intValue).sum();
    }

    public void assigned() {
        assignments.increment();
    }

    public void requeued() {
        requeues.increment();
    }

    public void crashed() {
        crashes.increment();
    }

    public void skipped() {
        skipped.increment();
    }
}
