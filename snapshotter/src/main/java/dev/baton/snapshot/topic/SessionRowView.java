package dev.baton.snapshot.topic;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.snapshot.domain.SessionFacts;
import dev.baton.snapshot.turn.SessionRows;
import dev.baton.wire.Names;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;

/**
 * The few facts we need of every session, kept in memory by a thread that reads the compacted topic of rows from its
 * beginning at every start. About 300 bytes per session.
 */
public final class SessionRowView implements SessionRows, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionRowView.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Map<SessionKey, SessionFacts> rows = new ConcurrentHashMap<>();
    private final BiConsumer<SessionKey, SessionFacts> receipts;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean caughtUp;
    private volatile boolean stopped;

    private SessionRowView(KafkaConsumer<byte[], byte[]> consumer, BiConsumer<SessionKey, SessionFacts> receipts) {
        this.receipts = receipts;
        this.consumer = consumer;
        this.thread = new Thread(this::run, "snapshotter-rows");
        thread.setDaemon(true);
    }

    /** @param receipts is told of every session that was deleted, on the thread that reads */
    public static SessionRowView start(Settings settings, BiConsumer<SessionKey, SessionFacts> receipts) {
        SessionRowView view = new SessionRowView(new KafkaConsumer<>(KafkaConfigs.reader(settings)), receipts);
        view.thread.start();
        return view;
    }

    @Override
    public Optional<SessionFacts> row(SessionKey key) {
        return Optional.ofNullable(rows.get(key));
    }

    /** Whether the rows that were there at the start have been read. */
    public boolean caughtUp() {
        return caughtUp;
    }

    public boolean live() {
        return thread.isAlive();
    }

    private void run() {
        try (consumer) {
            List<TopicPartition> partitions = consumer.partitionsFor(Names.SESSIONS_TOPIC).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (!stopped) {
                consumer.poll(POLL).forEach(this::apply);
                caughtUp = caughtUp
                        || ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            }
        } catch (WakeupException _) {
            // Closing.
        } catch (KafkaException e) {
            LOG.error("the reader of session rows ended; restart this process", e);
        }
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        try {
            SessionKey key = Names.parseSessionKey(new String(record.key(), StandardCharsets.UTF_8));
            if (record.value() == null) {
                rows.remove(key);
            } else {
                SessionFacts facts = SessionFacts.of(WireJson.read(record.value(), SessionRow.class));
                rows.put(key, facts);
                if (facts.deleted()) {
                    receipts.accept(key, facts);
                }
            }
        } catch (UncheckedIOException | IllegalArgumentException e) {
            LOG.warn("skipping a session row that is not readable: partition={} offset={}", record.partition(),
                    record.offset());
        }
    }

    @Override
    public void close() {
        stopped = true;
        consumer.wakeup();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
