package dev.baton.session;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

import dev.baton.session.domain.SessionState;
import dev.baton.session.metrics.ProcessorMetrics;
import dev.baton.session.store.PartClaims;
import dev.baton.session.store.SessionStateCodec;
import dev.baton.session.store.SideChannels;
import dev.baton.session.store.WaitStore;
import dev.baton.wire.Names;
import dev.baton.wire.json.JsonSerde;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.session.ReplyEnvelope;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;
import dev.baton.wire.session.WaitRow;

/**
 * The session topology, in reading order. One task per partition, so one writer per session; all that a task writes for
 * one input, stores and sinks and the input's offset, is one transaction (exactly_once_v2).
 *
 * <pre>
 * baton.commands   ──▶ commands ──┐                  ┌─▶ in         ──▶ baton.session.in
 *                                 ├─▶ sessions ──────┼─▶ rows       ──▶ baton.sessions
 * baton.run-events ──▶ reports  ──┘   │ sessions     ├─▶ provenance ──▶ baton.session-runs
 *                                     │ part-claims  ├─▶ requests   ──▶ baton.run-requests
 *                                                    ├─▶ replies    ──▶ baton.replies
 *                                                    ├─▶ out        ──▶ baton.session.out (error turns)
 *                                                    └─▶ waits      ──▶ baton.waits
 * </pre>
 */
public final class SessionTopology {
    static final String COMMANDS_SOURCE = "commands";
    static final String REPORTS_SOURCE = "reports";
    static final String PROCESSOR = "sessions";
    public static final String SESSIONS_STORE = "sessions";
    public static final String IN_SINK = "in";
    public static final String OUT_SINK = "out";
    public static final String WAITS_SINK = "waits";
    public static final String ROWS_SINK = "rows";
    public static final String PROVENANCE_SINK = "provenance";
    public static final String REQUESTS_SINK = "requests";
    public static final String REPLIES_SINK = "replies";

    private SessionTopology() {}

    static Topology build(ProcessorMetrics metrics) {
        Topology topology = new Topology();
        topology.addSource(COMMANDS_SOURCE, SessionInput.keys(), SessionInput.commands(), Names.COMMANDS_TOPIC);
        topology.addSource(REPORTS_SOURCE, SessionInput.keys(), SessionInput.reports(), Names.RUN_EVENTS_TOPIC);

        topology.addProcessor(PROCESSOR, () -> new SessionProcessor(metrics), COMMANDS_SOURCE, REPORTS_SOURCE);
        topology.addStateStore(sessionsStore(), PROCESSOR);
        topology.addStateStore(PartClaims.builder(), PROCESSOR);
        topology.addStateStore(WaitStore.builder(), PROCESSOR);
        topology.addStateStore(SideChannels.builder(), PROCESSOR);

        Serializer<String> text = new StringSerializer();
        topology.addSink(IN_SINK, Names.SESSION_IN_TOPIC, text, text, PROCESSOR);
        topology.addSink(ROWS_SINK, Names.SESSIONS_TOPIC, text, new JsonSerde<>(SessionRow.class).serializer(),
                PROCESSOR);
        topology.addSink(PROVENANCE_SINK, Names.SESSION_RUNS_TOPIC, text,
                new JsonSerde<>(SessionRunRow.class).serializer(), SessionTopology::partitionOfSession, PROCESSOR);
        topology.addSink(REQUESTS_SINK, Names.RUN_REQUESTS_TOPIC, text, new JsonSerde<>(RunRequest.class).serializer(),
                PROCESSOR);
        topology.addSink(WAITS_SINK, Names.WAITS_TOPIC, text, new JsonSerde<>(WaitRow.class).serializer(),
                SessionTopology::partitionOfSession, PROCESSOR);
        topology.addSink(OUT_SINK, Names.SESSION_OUT_TOPIC, text, text, PROCESSOR);
        topology.addSink(REPLIES_SINK, Names.REPLIES_TOPIC, text, replies(), SessionTopology::partitionOfReader,
                PROCESSOR);
        return topology;
    }

    /** Uncached: with a commit every few milliseconds a cache would only copy. */
    private static StoreBuilder<KeyValueStore<String, SessionState.Known>> sessionsStore() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(SESSIONS_STORE), Serdes.String(),
                SessionStateCodec.serde());
    }

    private static Serializer<AddressedReply> replies() {
        Serializer<ReplyEnvelope> json = new JsonSerde<>(ReplyEnvelope.class).serializer();
        return (topic, reply) -> json.serialize(topic, reply.envelope());
    }

    /** What belongs to a session lies where the session lies, though its key is longer. */
    static Optional<Set<Integer>> partitionOfSession(String topic, String keyOfPart, Object row, int partitions) {
        byte[] key = Names.sessionKeyOf(keyOfPart).getBytes(StandardCharsets.UTF_8);
        return Optional.of(Set.of(Utils.toPositive(Utils.murmur2(key)) % partitions));
    }

    /** A reply to a partition that does not exist has no reader: it is dropped, the decision stands. */
    static Optional<Set<Integer>> partitionOfReader(String topic, String requestId, AddressedReply reply,
            int partitions) {
        return Optional.of(reply.partition() < partitions ? Set.of(reply.partition()) : Set.of());
    }
}
