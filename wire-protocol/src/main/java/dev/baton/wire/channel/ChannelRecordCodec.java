package dev.baton.wire.channel;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

import dev.baton.wire.Names;
import dev.baton.wire.session.SessionKey;

/**
 * Bytes of the session topics. Key: session key. Value: the record body as it is, UTF-8. Kafka headers: ours begin with
 * {@code baton.}, those of the protocol with {@code p:} and keep their order. Numbers are decimal text. This format is
 * public (docs/TOPICS.md) and pinned by golden bytes.
 */
public final class ChannelRecordCodec {
    public static final String FORMAT = "baton.v";
    public static final String FORMAT_1 = "1";
    /** {@code .in} only: the seq. Absent on the first-turn message. */
    public static final String SEQ = "baton.seq";
    public static final String GENERATION = "baton.generation";
    public static final String RUN = "baton.run";
    /** Makes the record a fence: writers of a lower generation are void from here on. */
    public static final String FENCE = "baton.fence";
    /** {@code .in} only: the message a session was created with, which travels to its run in the payload. */
    public static final String FIRST_TURN = "baton.first-turn";
    private static final String PROTOCOL_PREFIX = "p:";

    private ChannelRecordCodec() {}

    /** Headers of a record that is appended to {@code .in} under this seq. */
    public static Headers inHeaders(long seq, ChannelRecord record) {
        Headers headers = newHeaders(record);
        add(headers, SEQ, Long.toString(seq));
        return headers;
    }

    /** Headers of the first-turn message. */
    public static Headers firstTurnHeaders(ChannelRecord record) {
        Headers headers = newHeaders(record);
        add(headers, FIRST_TURN, "true");
        return headers;
    }

    /** Headers of a record that this writer appends to {@code .out}. */
    public static Headers outHeaders(ChannelRecord record, Writer writer) {
        Headers headers = newHeaders(record);
        if (writer.runId() != null) {
            add(headers, GENERATION, Long.toString(writer.generation()));
            add(headers, RUN, writer.runId());
        }
        return headers;
    }

    public static ProducerRecord<byte[], byte[]> outRecord(SessionKey key, ChannelRecord record, Writer writer) {
        return new ProducerRecord<>(Names.SESSION_OUT_TOPIC, null, bytes(key.toString()), bytes(record.body()),
                outHeaders(record, writer));
    }

    /** The fence that goes before the first record of a generation. */
    public static ProducerRecord<byte[], byte[]> fenceRecord(SessionKey key, Writer successor) {
        Headers headers = new RecordHeaders();
        add(headers, FORMAT, FORMAT_1);
        add(headers, FENCE, Long.toString(successor.generation()));
        add(headers, RUN, successor.runId());
        return new ProducerRecord<>(Names.SESSION_OUT_TOPIC, null, bytes(key.toString()), new byte[0], headers);
    }

    /** @throws SerializationException when the record is not one of ours; readers skip and count it */
    public static StoredRecord read(Channel channel, ConsumerRecord<byte[], byte[]> record) {
        Headers headers = record.headers();
        String format = text(headers, FORMAT).orElse("none");
        if (!format.equals(FORMAT_1) || record.key() == null || record.value() == null) {
            throw new SerializationException("expected format " + FORMAT_1 + " at " + record.topic() + "-"
                    + record.partition() + "@" + record.offset() + ", but was " + format);
        }
        long seq = switch (channel) {
            case IN -> number(headers, SEQ, StoredRecord.NO_SEQ);
            case OUT -> record.offset();
        };
        ChannelRecord content = new ChannelRecord(new String(record.value(), StandardCharsets.UTF_8),
                protocolHeaders(headers));
        Writer writer = new Writer(number(headers, GENERATION, 0), text(headers, RUN).orElse(null));
        return new StoredRecord(key(record), channel, seq, record.offset(), record.timestamp(), content, writer,
                number(headers, FENCE, 0));
    }

    private static SessionKey key(ConsumerRecord<byte[], byte[]> record) {
        try {
            return SessionKey.parse(new String(record.key(), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new SerializationException(e.getMessage(), e);
        }
    }

    private static Headers newHeaders(ChannelRecord record) {
        Headers headers = new RecordHeaders();
        add(headers, FORMAT, FORMAT_1);
        for (ProtocolHeader header : record.headers()) {
            add(headers, PROTOCOL_PREFIX + header.name(), header.value());
        }
        return headers;
    }

    private static List<ProtocolHeader> protocolHeaders(Headers headers) {
        List<ProtocolHeader> found = new ArrayList<>();
        for (Header header : headers) {
            if (header.key().startsWith(PROTOCOL_PREFIX)) {
                found.add(new ProtocolHeader(header.key().substring(PROTOCOL_PREFIX.length()),
                        new String(header.value(), StandardCharsets.UTF_8)));
            }
        }
        return List.copyOf(found);
    }

    private static Optional<String> text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? Optional.empty() : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    private static long number(Headers headers, String name, long absent) {
        try {
            return text(headers, name).map(Long::parseLong).orElse(absent);
        } catch (NumberFormatException e) {
            throw new SerializationException("expected a decimal number in header " + name, e);
        }
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
