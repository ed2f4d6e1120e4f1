package dev.baton.ingress.log;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

import dev.baton.ingress.tail.LogScan;
import dev.baton.ingress.tail.TailEntry;
import dev.baton.wire.Names;
import dev.baton.wire.session.SessionKey;

/** Catch-up passes over one partition: a reader of its own for each pass. */
final class KafkaLogScan implements LogScan {
    private static final Duration POLL = Duration.ofMillis(200);

    private final TopicPartition partition;
    private final Map<String, Object> readerConfig;
    private final RecordDecoder decoder;

    KafkaLogScan(TopicPartition partition, Map<String, Object> readerConfig, RecordDecoder decoder) {
        this.partition = partition;
        this.readerConfig = readerConfig;
        this.decoder = decoder;
    }

    @Override
    public Cursor open(long fromOffset) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(readerConfig);
        consumer.assign(List.of(partition));
        consumer.seek(partition, fromOffset);
        return new KafkaCursor(consumer);
    }

    private final class KafkaCursor implements Cursor {
        private final KafkaConsumer<byte[], byte[]> consumer;

        KafkaCursor(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public List<TailEntry> next(Set<SessionKey> wanted) {
            List<TailEntry> found = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (isOf(wanted, record)) {
                    decoder.decode(record).ifPresent(found::add);
                }
            }
            return found;
        }

        private boolean isOf(Set<SessionKey> wanted, ConsumerRecord<byte[], byte[]> record) {
            try {
                return record.key() != null
                        && wanted.contains(Names.parseSessionKey(new String(record.key(), StandardCharsets.UTF_8)));
            } catch (IllegalArgumentException _) {
                return false;
            }
        }

        @Override
        public long position() {
            return consumer.position(partition);
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
