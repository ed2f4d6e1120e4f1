package dev.baton.session;

import java.nio.charset.StandardCharsets;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

import dev.baton.wire.Names;
import dev.baton.wire.json.JsonSerde;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.session.CommandEnvelope;
import dev.baton.wire.session.SessionKey;

/** What comes into the topology. Records without the parts that a decision needs are not ours: they are skipped. */
public sealed interface SessionInput {
    /** Epoch milliseconds: the clock of the decision. */
    long at();

    /** From topic {@code baton.commands}. */
    record Command(CommandEnvelope envelope) implements SessionInput {
        @Override
        public long at() {
            return envelope.issuedAt();
        }
    }

    /** From topic {@code baton.run-events}. */
    record Report(RunEvent event) implements SessionInput {
        @Override
        public long at() {
            return event.at();
        }
    }

    static Deserializer<SessionInput> commands() {
        Deserializer<CommandEnvelope> json = new JsonSerde<>(CommandEnvelope.class).deserializer();
        return (topic, bytes) -> {
            CommandEnvelope envelope = json.deserialize(topic, bytes);
            require(topic, envelope != null && envelope.command() != null && envelope.requestId() != null
                    && envelope.issuedAt() >= 0);
            return new Command(envelope);
        };
    }

    static Deserializer<SessionInput> reports() {
        Deserializer<RunEvent> json = new JsonSerde<>(RunEvent.class).deserializer();
        return (topic, bytes) -> {
            RunEvent event = json.deserialize(topic, bytes);
            require(topic, event != null && event.runId() != null && event.at() >= 0);
            return new Report(event);
        };
    }

    static Deserializer<SessionKey> keys() {
        return (topic, bytes) -> {
            require(topic, bytes != null);
            try {
                return Names.parseSessionKey(new String(bytes, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw new SerializationException("topic " + topic + ": expected a session key", e);
            }
        };
    }

    private static void require(String topic, boolean complete) {
        if (!complete) {
            throw new SerializationException("topic " + topic + ": expected a complete record with a session key");
        }
    }
}
