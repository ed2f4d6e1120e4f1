package dev.baton.system.simulation;

import java.util.List;
import java.util.function.UnaryOperator;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

import dev.baton.session.AddressedReply;
import dev.baton.session.SessionInput;
import dev.baton.session.SessionProcessor;
import dev.baton.session.SessionTopology;
import dev.baton.session.domain.SessionState;
import dev.baton.session.domain.Waits;
import dev.baton.session.metrics.ProcessorMetrics;
import dev.baton.session.store.PartClaims;
import dev.baton.session.store.SessionStateCodec;
import dev.baton.session.store.WaitStore;
import dev.baton.session.store.WaitsCodec;
import dev.baton.wire.Names;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.session.CommandEnvelope;
import dev.baton.wire.session.SessionKey;

/** The session topology: the product's processor, between topics of objects instead of bytes. */
final class SessionTopologyParts implements TopologyParts {
    private static final Serde<SessionState.Known> STATES = SessionStateCodec.serde();
    private static final Serde<Waits> WAITS = WaitsCodec.serde();

    private final ProcessorMetrics metrics;

    SessionTopologyParts(ProcessorMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public String name() {
        return "session-processor";
    }

    @Override
    public List<String> sources() {
        return List.of(Names.COMMANDS_TOPIC, Names.RUN_EVENTS_TOPIC);
    }

    @Override
    public StateStore store(String name, Changelogs changelogs) {
        return switch (name) {
            case SessionTopology.SESSIONS_STORE -> new KeyedStore<>(name,
                    changelogs.<String, SessionState.Known>of(name),
                    state -> STATES.deserializer().deserialize(name, STATES.serializer().serialize(name, state)));
            case WaitStore.STORE -> new KeyedStore<>(name, changelogs.<String, Waits>of(name),
                    waits -> WAITS.deserializer().deserialize(name, WAITS.serializer().serialize(name, waits)));
            case PartClaims.STORE -> new ClaimStore(name, changelogs.of(name));
            // Nothing the simulation does fills other stores: their codecs have tests of their own.
            default -> new KeyedStore<>(name, changelogs.<String, Object>of(name), UnaryOperator.identity());
        };
    }

    @Override
    public TaskProcessor begin(ProcessorContext<String, Object> context) {
        SessionProcessor processor = new SessionProcessor(metrics);
        processor.init(context);
        return (topic, entry) -> processor
                .process(new Record<>(SessionKey.parse(entry.key()), input(entry.value()), entry.timestampMs()));
    }

    private static SessionInput input(Object value) {
        return switch (value) {
            case CommandEnvelope envelope -> new SessionInput.Command(envelope);
            case RunEvent event -> new SessionInput.Report(event);
            default -> throw new IllegalArgumentException("expected a command or a run event, but was " + value);
        };
    }

    @Override
    public Destination destination(String sink, Record<?, ?> record) {
        String key = (String) record.key();
        return switch (sink) {
            case SessionTopology.IN_SINK -> Destination.ofKey(Names.SESSION_IN_TOPIC, key);
            case SessionTopology.OUT_SINK -> Destination.ofKey(Names.SESSION_OUT_TOPIC, key);
            case SessionTopology.ROWS_SINK -> Destination.ofKey(Names.SESSIONS_TOPIC, key);
            case SessionTopology.PROVENANCE_SINK ->
                Destination.ofKey(Names.SESSION_RUNS_TOPIC, Names.sessionKeyOf(key));
            case SessionTopology.WAITS_SINK -> Destination.ofKey(Names.WAITS_TOPIC, Names.sessionKeyOf(key));
            case SessionTopology.REQUESTS_SINK -> Destination.ofKey(Names.RUN_REQUESTS_TOPIC, key);
            case SessionTopology.REPLIES_SINK ->
                new Destination(Names.REPLIES_TOPIC, ((AddressedReply) record.value()).partition());
            default -> throw new IllegalArgumentException("expected a known sink, but was " + sink);
        };
    }
}
