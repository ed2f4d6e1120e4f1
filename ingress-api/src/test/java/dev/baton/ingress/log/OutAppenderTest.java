package dev.baton.ingress.log;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class OutAppenderTest {
    private static final SessionKey CHAT = new SessionKey("env_dev", "chat-1");

    /** As Kafka's does when it knows no broker: waits, then hands out a future that has failed. */
    private static final class Helpless extends MockProducer<byte[], byte[]> {
        private final AtomicInteger sends = new AtomicInteger();

        Helpless() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            sends.incrementAndGet();
            return CompletableFuture.failedFuture(new TimeoutException("no broker"));
        }
    }

    @Test
    void aBatchIsGivenUpAtTheFirstRecordThatTheProducerCannotTake() {
        // Given
        try (Helpless producer = new Helpless()) {
            List<ChannelRecord> batch = Collections.nCopies(1000, new ChannelRecord("x", List.of()));

            // When
            assertThrows(LogUnavailableException.class,
                    () -> new OutAppender(producer).begin(CHAT, batch, Writer.UNNAMED));

            // Then
            assertEquals(1, producer.sends.get());
        }
    }
}
