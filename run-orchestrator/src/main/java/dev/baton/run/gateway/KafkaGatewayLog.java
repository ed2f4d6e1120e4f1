package dev.baton.run.gateway;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

import dev.baton.run.domain.RunReport;
import dev.baton.wire.Names;
import dev.baton.wire.channel.ChannelRecordCodec;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.SessionKey;

/** What a gateway writes to Kafka: reports and fences, over one idempotent producer. Thread-safe; owns the producer. */
public final class KafkaGatewayLog implements RunReports, FenceLog, AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Producer<byte[], byte[]> producer;

    public KafkaGatewayLog(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    @Override
    public CompletableFuture<Void> send(String queueKey, RunReport report) {
        return append(new ProducerRecord<>(Names.RUN_REPORTS_TOPIC, queueKey.getBytes(StandardCharsets.UTF_8),
                WireJson.bytes(report))).thenApply(_ -> null);
    }

    @Override
    public CompletableFuture<Long> append(SessionKey key, Writer successor) {
        return append(ChannelRecordCodec.fenceRecord(key, successor));
    }

    private CompletableFuture<Long> append(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<Long> appended = new CompletableFuture<>();
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    appended.complete(metadata.offset());
                } else {
                    appended.completeExceptionally(failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            // No broker known in time, or the producer is closed.
            appended.completeExceptionally(e);
        }
        return appended;
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }
}
