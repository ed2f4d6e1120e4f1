package dev.baton.snapshot.topic;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

import dev.baton.snapshot.turn.TurnReporter;
import dev.baton.wire.Names;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.CommandEnvelope;
import dev.baton.wire.session.SessionCommand;

/** Sends {@code settle-turn} commands. Nobody waits for a reply: a report that is lost is sent again. Any thread. */
public final class CommandTurnReporter implements TurnReporter {
    private final Producer<byte[], byte[]> producer;
    private final InstantSource clock;

    public CommandTurnReporter(Producer<byte[], byte[]> producer, InstantSource clock) {
        this.producer = producer;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Void> report(Boundary boundary) {
        CompletableFuture<Void> reported = new CompletableFuture<>();
        try {
            producer.send(record(boundary), (metadata, failure) -> {
                if (failure == null) {
                    reported.complete(null);
                } else {
                    reported.completeExceptionally(failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            reported.completeExceptionally(e);
        }
        return reported;
    }

    private ProducerRecord<byte[], byte[]> record(Boundary boundary) {
        String key = boundary.key().toString();
        var command = new SessionCommand.SettleTurn(boundary.generation(), boundary.inSeq(), boundary.outSeq());
        var envelope = new CommandEnvelope("settle-" + Names.fingerprint(key) + "-" + boundary.outSeq(),
                CommandEnvelope.NO_REPLY, clock.millis(), command);
        return new ProducerRecord<>(Names.COMMANDS_TOPIC, key.getBytes(StandardCharsets.UTF_8),
                WireJson.bytes(envelope));
    }
}
