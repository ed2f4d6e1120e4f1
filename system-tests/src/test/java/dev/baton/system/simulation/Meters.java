package dev.baton.system.simulation;

import dev.baton.run.metrics.RunMetrics;
import dev.baton.session.metrics.ProcessorMetrics;
import dev.baton.snapshot.SnapshotterMetrics;
import dev.baton.wire.service.Metrics;

/** The meters of the services, shared by the schedules of one thread: they cost more to make than a schedule takes. */
final class Meters {
    private static final String UNDECIDABLE = "baton.processor.undecidable";

    private final Metrics metrics = new Metrics();
    private final ProcessorMetrics processor = new ProcessorMetrics(metrics);
    private final RunMetrics runs = new RunMetrics(metrics);
    private final SnapshotterMetrics snapshotter = new SnapshotterMetrics(metrics.registry());

    ProcessorMetrics processor() {
        return processor;
    }

    RunMetrics runs() {
        return runs;
    }

    SnapshotterMetrics snapshotter() {
        return snapshotter;
    }

    /** How many inputs the session processor has dropped so far because deciding them failed. */
    double undecidable() {
        return metrics.registry().counter(UNDECIDABLE).count();
    }
}
