package dev.baton.system.simulation;

import java.util.List;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

import dev.baton.run.RunProcessor;
import dev.baton.run.RunTopology;
import dev.baton.run.domain.RunInput;
import dev.baton.run.domain.RunLimits;
import dev.baton.run.domain.RunReport;
import dev.baton.run.domain.RunState;
import dev.baton.run.domain.WorkerVersions;
import dev.baton.run.metrics.RunMetrics;
import dev.baton.wire.Names;
import dev.baton.wire.json.JsonSerde;
import dev.baton.wire.run.RunRequest;

/** The run topology: the product's processor, between topics of objects instead of bytes. */
final class RunTopologyParts implements TopologyParts {
    private static final Serde<RunState> RUNS = new JsonSerde<>(RunState.class);
    private static final Serde<WorkerVersions> VERSIONS = new JsonSerde<>(WorkerVersions.class);

    private final RunLimits limits;
    private final RunMetrics metrics;

    RunTopologyParts(RunLimits limits, RunMetrics metrics) {
        this.limits = limits;
        this.metrics = metrics;
    }

    @Override
    public String name() {
        return "run-orchestrator";
    }

    @Override
    public List<String> sources() {
        return List.of(Names.RUN_REQUESTS_TOPIC, Names.RUN_REPORTS_TOPIC);
    }

    @Override
    public StateStore store(String name, Changelogs changelogs) {
        return switch (name) {
            case RunTopology.RUNS_STORE -> store(name, RUNS, changelogs);
            case RunTopology.VERSIONS_STORE -> store(name, VERSIONS, changelogs);
            default -> throw new IllegalArgumentException("expected a known store, but was " + name);
        };
    }

    private static <V> StateStore store(String name, Serde<V> serde, Changelogs changelogs) {
        return new KeyedStore<>(name, changelogs.<String, V>of(name),
                value -> serde.deserializer().deserialize(name, serde.serializer().serialize(name, value)));
    }

    @Override
    public TaskProcessor begin(ProcessorContext<String, Object> context) {
        RunProcessor processor = new RunProcessor(limits, metrics);
        processor.init(context);
        return (topic, entry) -> processor.process(new Record<>(entry.key(), input(entry.value()),
                entry.timestampMs()));
    }

    private static RunInput input(Object value) {
        return switch (value) {
            case RunRequest request -> new RunInput.Requested(request);
            case RunReport report -> new RunInput.Reported(report);
            default -> throw new IllegalArgumentException("expected a request or a report, but was " + value);
        };
    }

    @Override
    public Destination destination(String sink, Record<?, ?> record) {
        String key = (String) record.key();
        return switch (sink) {
            case RunTopology.ASSIGNMENTS_SINK -> Destination.ofKey(Names.RUN_ASSIGNMENTS_TOPIC, key);
            case RunTopology.EVENTS_SINK -> Destination.ofKey(Names.RUN_EVENTS_TOPIC, key);
            case RunTopology.STEPS_SINK -> Destination.ofKey(Names.RUN_STEPS_TOPIC, key);
            default -> throw new IllegalArgumentException("expected a known sink, but was " + sink);
        };
    }
}
