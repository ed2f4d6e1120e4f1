package dev.baton.wire.channel;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import dev.baton.wire.Names;
import dev.baton.wire.session.SessionKey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Golden bytes of the session topics: they are a public contract (docs/TOPICS.md). */
class ChannelRecordCodecTest {
    private static final SessionKey KEY = new SessionKey("env_dev", "chat-1");
    private static final ChannelRecord TURN_COMPLETE = ChannelRecord.control(ChannelRecord.TURN_COMPLETE,
            new ProtocolHeader(ChannelRecord.SESSION_IN_EVENT_ID, "7"));

    @Test
    void anOutRecordOfARunHasTheDocumentedHeaders() {
        // Given
        Writer writer = new Writer(3, "run_x");

        // When
        ProducerRecord<byte[], byte[]> record = ChannelRecordCodec.outRecord(KEY, TURN_COMPLETE, writer);

        // Then
        assertEquals("baton.session.out", record.topic());
        assertEquals("env_dev/chat-1", text(record.key()));
        assertEquals("", text(record.value()));
        assertEquals(List.of("baton.v=1", "p:trigger-control=turn-complete", "p:session-in-event-id=7",
                "baton.generation=3", "baton.run=run_x"), lines(record.headers()));
    }

    @Test
    void anInRecordCarriesItsSeq() {
        // Given
        ChannelRecord record = ChannelRecord.ofText("{\"kind\":\"stop\"}", "a1");

        // When
        Headers headers = ChannelRecordCodec.inHeaders(42, record);

        // Then
        assertEquals("{\"data\":\"{\\\"kind\\\":\\\"stop\\\"}\",\"id\":\"a1\"}", record.body());
        assertEquals(List.of("baton.v=1", "baton.seq=42"), lines(headers));
    }

    @Test
    void theFirstTurnMessageHasNoSeqAndIsInvisible() {
        // Given
        ChannelRecord record = ChannelRecord.ofText("{}", "a1");

        // When
        StoredRecord stored = stored(Channel.IN, 5, ChannelRecordCodec.firstTurnHeaders(record), record.body());

        // Then
        assertEquals(StoredRecord.NO_SEQ, stored.seq());
        assertFalse(stored.visible());
    }

    @Test
    void aFenceNamesItsGenerationAndIsInvisible() {
        // Given
        ProducerRecord<byte[], byte[]> fence = ChannelRecordCodec.fenceRecord(KEY, new Writer(4, "run_y"));

        // When
        StoredRecord stored = stored(Channel.OUT, 9, fence.headers(), "");

        // Then
        assertEquals(List.of("baton.v=1", "baton.fence=4", "baton.run=run_y"), lines(fence.headers()));
        assertEquals(4, stored.fence());
        assertFalse(stored.visible());
    }

    @Test
    void whatIsWrittenToOutIsReadBackWithItsOffsetAsSeq() {
        // Given
        ChannelRecord record = new ChannelRecord("{\"data\":{\"type\":\"text-delta\"},\"id\":\"é\"}", List.of());
        ProducerRecord<byte[], byte[]> produced = ChannelRecordCodec.outRecord(KEY, record, Writer.UNNAMED);

        // When
        StoredRecord stored = stored(Channel.OUT, 1234, produced.headers(), record.body());

        // Then
        assertEquals(new StoredRecord(KEY, Channel.OUT, 1234, 1234, 99, record, Writer.UNNAMED, 0), stored);
        assertTrue(stored.visible());
    }

    @Test
    void aRecordOfAnUnknownFormatIsRefusedWithItsPlace() {
        // Given
        Headers headers = new RecordHeaders().add("baton.v", "2".getBytes(StandardCharsets.UTF_8));

        // When
        SerializationException refusal = assertThrows(SerializationException.class,
                () -> stored(Channel.OUT, 7, headers, ""));

        // Then
        assertTrue(refusal.getMessage().contains("baton.session.out-0@7"), refusal.getMessage());
    }

    @Test
    void aTrimCommandIsInvisibleAndKeepsItsEmptyHeaderName() {
        // Given
        ChannelRecord trim = new ChannelRecord("12345678", List.of(new ProtocolHeader("", "trim")));

        // When
        ProducerRecord<byte[], byte[]> produced = ChannelRecordCodec.outRecord(KEY, trim, Writer.UNNAMED);

        // Then
        StoredRecord stored = stored(Channel.OUT, 1, produced.headers(), trim.body());
        assertEquals(trim, stored.record());
        assertFalse(stored.visible());
    }

    @Test
    void theMeteredSizeCountsBytesNotCharacters() {
        // Given
        ChannelRecord record = new ChannelRecord("aé€😀", List.of(new ProtocolHeader("k", "ü")));

        // When
        long bytes = record.meteredBytes();

        // Then: contract §2.5: 8 + headers + body
        assertEquals(8 + (1 + 2 + 3 + 4) + (1 + 2), bytes);
    }

    private static StoredRecord stored(Channel channel, long offset, Headers headers, String body) {
        String topic = channel == Channel.IN ? Names.SESSION_IN_TOPIC : Names.SESSION_OUT_TOPIC;
        return ChannelRecordCodec.read(channel,
                new ConsumerRecord<>(topic, 0, offset, 99, TimestampType.LOG_APPEND_TIME, 0, 0,
                        KEY.toString().getBytes(StandardCharsets.UTF_8), body.getBytes(StandardCharsets.UTF_8),
                        headers, java.util.Optional.empty()));
    }

    private static List<String> lines(Headers headers) {
        List<String> lines = new ArrayList<>();
        headers.forEach(header -> lines.add(header.key() + "=" + text(header.value())));
        return lines;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
