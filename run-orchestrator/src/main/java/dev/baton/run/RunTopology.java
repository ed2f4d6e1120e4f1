package dev.baton.run;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

import dev.baton.run.domain.RunAssignment;
import dev.baton.run.domain.RunInput;
import dev.baton.run.domain.RunInput.Reported;
import dev.baton.run.domain.RunInput.Requested;
import dev.baton.run.domain.RunLimits;
import dev.baton.run.domain.RunReport;
import dev.baton.run.domain.RunState;
import dev.baton.run.domain.WorkerVersions;
import dev.baton.run.metrics.RunMetrics;
import dev.baton.wire.Names;
import dev.baton.wire.json.JsonSerde;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.run.RunStepsRow;

/**
 * The run topology, in reading order. Everything about one task of one environment meets in one partition.
 *
 * <pre>
 *   baton.run-requests (session topology) ─┐                 ┌─▶ baton.run-assignments (one gateway)
 *                                          ├─▶ run processor ┼─▶ baton.run-events (session topology)
 *   baton.run-reports (gateways) ──────────┘   runs, versions└─▶ baton.run-steps (whoever reads runs)
 * </pre>
 */
public final class RunTopology {
    public static final String RUNS_STORE = "runs";
    public static final String VERSIONS_STORE = "worker-versions";

    public static final String ASSIGNMENTS_SINK = "run-assignments";
    public static final String EVENTS_SINK = "run-events";
    public static final String STEPS_SINK = "run-steps";
    private static final String REQUESTS_SOURCE = "run-requests";
    private static final String REPORTS_SOURCE = "run-reports";
    private static final String PROCESSOR = "run-processor";

    private static final Serde<String> TEXT = Serdes.String();

    private RunTopology() {}

    public static Topology build(RunLimits limits, RunMetrics metrics) {
        Topology topology = new Topology();
        topology.addSource(REQUESTS_SOURCE, TEXT.deserializer(), requests(), Names.RUN_REQUESTS_TOPIC);
        topology.addSource(REPORTS_SOURCE, TEXT.deserializer(), reports(), Names.RUN_REPORTS_TOPIC);

        topology.addProcessor(PROCESSOR, () -> new RunProcessor(limits, metrics), REQUESTS_SOURCE, REPORTS_SOURCE);
        topology.addStateStore(store(RUNS_STORE, RunState.class), PROCESSOR);
        topology.addStateStore(store(VERSIONS_STORE, WorkerVersions.class), PROCESSOR);

        topology.addSink(ASSIGNMENTS_SINK, Names.RUN_ASSIGNMENTS_TOPIC, TEXT.serializer(),
                new JsonSerde<>(RunAssignment.class).serializer(), PROCESSOR);
        topology.addSink(EVENTS_SINK, Names.RUN_EVENTS_TOPIC, TEXT.serializer(),
                new JsonSerde<>(RunEvent.class).serializer(), PROCESSOR);
        topology.addSink(STEPS_SINK, Names.RUN_STEPS_TOPIC, TEXT.serializer(),
                new JsonSerde<>(RunStepsRow.class).serializer(), PROCESSOR);
        return topology;
    }

    private static Deserializer<RunInput> requests() {
        Deserializer<RunRequest> reader = new JsonSerde<>(RunRequest.class).deserializer();
        return (topic, bytes) -> bytes == null ? null : new Requested(reader.deserialize(topic, bytes));
    }

    private static Deserializer<RunInput> reports() {
        Deserializer<RunReport> reader = new JsonSerde<>(RunReport.class).deserializer();
        return (topic, bytes) -> bytes == null ? null : new Reported(reader.deserialize(topic, bytes));
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Class<V> type) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), TEXT, new JsonSerde<>(type))
                .withCachingDisabled();
    }
}
