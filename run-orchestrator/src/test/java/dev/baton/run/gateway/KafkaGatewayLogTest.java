package dev.baton.run.gateway;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import dev.baton.run.domain.RunReport;
import dev.baton.wire.Names;
import dev.baton.wire.channel.ChannelRecordCodec;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.SessionKey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a gateway writes to Kafka, and when it says that it is written. */
class KafkaGatewayLogTest {
    private final MockProducer<byte[], byte[]> producer = new MockProducer<>(false, null, new ByteArraySerializer(),
            new ByteArraySerializer());
    private final KafkaGatewayLog log = new KafkaGatewayLog(producer);

    @Test
    void aReportIsKeyedByItsQueueAndDoneWhenTheBrokerHasIt() {
        // Given
        RunReport report = new RunReport.PollEnded("gateway-1", "poll-1");
        CompletableFuture<Void> sent = log.send("env_dev/echo", report);
        boolean doneBefore = sent.isDone();

        // When
        producer.completeNext();

        // Then
        ProducerRecord<byte[], byte[]> record = producer.history().getFirst();
        assertFalse(doneBefore);
        assertTrue(sent.isDone());
        assertEquals(Names.RUN_REPORTS_TOPIC, record.topic());
        assertEquals("env_dev/echo", new String(record.key(), StandardCharsets.UTF_8));
        assertEquals(report, WireJson.read(record.value(), RunReport.class));
    }

    @Test
    void aFenceGoesToTheOutTopicAndCompletesWithItsOffset() {
        // Given
        CompletableFuture<Long> appended = log.append(new SessionKey("env_dev", "chat-1"), new Writer(3, "run_1"));

        // When
        producer.completeNext();

        // Then
        ProducerRecord<byte[], byte[]> record = producer.history().getFirst();
        assertEquals(Names.SESSION_OUT_TOPIC, record.topic());
        assertEquals("3", new String(record.headers().lastHeader(ChannelRecordCodec.FENCE).value(),
                StandardCharsets.UTF_8));
        assertEquals(0, appended.join());
    }

    @Test
    void aRecordThatTheBrokerDoesNotTakeFailsItsFuture() {
        // Given
        CompletableFuture<Void> sent = log.send("env_dev/echo", new RunReport.PollEnded("gateway-1", "poll-1"));

        // When
        producer.errorNext(new TimeoutException("no broker"));

        // Then
        assertTrue(sent.isCompletedExceptionally());
    }

    @Test
    void aProducerThatCannotEvenTakeTheRecordFailsTheFutureToo() {
        // Given
        producer.sendException = new TimeoutException("no metadata");

        // When
        CompletableFuture<Void> sent = log.send("env_dev/echo", new RunReport.PollEnded("gateway-1", "poll-1"));

        // Then
        assertTrue(sent.isCompletedExceptionally());
    }
}
