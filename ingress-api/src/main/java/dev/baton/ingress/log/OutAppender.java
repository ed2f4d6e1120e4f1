package dev.baton.ingress.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ChannelRecordCodec;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;

/** Writes {@code .out} straight to its topic (design D1) and answers when all replicas have it. */
public final class OutAppender implements ChannelAppender {
    /** Clients give up on an acknowledgement after 5 s (contract §2.6). */
    private static final Duration ACK_PATIENCE = Duration.ofMillis(4_500);

    private final Producer<byte[], byte[]> producer;

    /** @param producer idempotent; stays the caller's to close */
    public OutAppender(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    @Override
    public PendingAppend begin(SessionKey key, List<ChannelRecord> records, Writer writer) {
        long deadline = System.nanoTime() + ACK_PATIENCE.toNanos();
        List<Future<RecordMetadata>> acks = new ArrayList<>(records.size());
        try {
            for (ChannelRecord record : records) {
                acks.add(handedOver(producer.send(ChannelRecordCodec.outRecord(key, record, writer))));
            }
        } catch (KafkaException | IllegalStateException e) {
            // Its buffer is full, it knows no broker, or it is closed because we stop.
            throw new LogUnavailableException("the record was not taken", e);
        }
        return () -> await(acks, deadline);
    }

    /** A producer that knows no broker fails each record of a batch after a wait: the first one is enough. */
    private static Future<RecordMetadata> handedOver(Future<RecordMetadata> ack) {
        if (ack.state() == Future.State.FAILED) {
            throw new LogUnavailableException("the record was not taken", ack.exceptionNow());
        }
        return ack;
    }

    private static Appended await(List<Future<RecordMetadata>> acks, long deadline) {
        RecordMetadata last = null;
        for (Future<RecordMetadata> ack : acks) {
            last = await(ack, deadline);
        }
        return new Appended(last.offset(), last.timestamp(), acks.size());
    }

    private static RecordMetadata await(Future<RecordMetadata> ack, long deadline) {
        try {
            return ack.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new LogUnavailableException("the record was not stored", e.getCause());
        } catch (TimeoutException e) {
            throw new LogUnavailableException("the record was not acknowledged within " + ACK_PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailableException("interrupted while a record was stored", e);
        }
    }
}
