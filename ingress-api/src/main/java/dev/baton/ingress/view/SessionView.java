package dev.baton.ingress.view;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.ingress.log.LogOffsets;
import dev.baton.wire.Names;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.run.RunStepsRow;
import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;
import dev.baton.wire.session.WaitRow;

/**
 * Reads the compacted topics of rows, provenance, steps of runs and waits from their beginning and keeps them in memory (design D12). One
 * thread reads committed records; lookups come from all threads and wait for the end of the log only where "there is
 * none" must be true.
 */
public final class SessionView implements SessionDirectory, WaitDirectory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionView.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration STOP = Duration.ofSeconds(1);
    /** An open transaction of a dead processor holds the committed end back: a read then shows what there is. */
    private static final Duration BARRIER_PATIENCE = Duration.ofSeconds(2);

    private final SessionTable table = new SessionTable();
    private final RunTable runs = new RunTable();
    private final WaitTable waits = new WaitTable(Clock.systemUTC());
    private final ReadProgress progress = new ReadProgress();
    private final LogOffsets offsets;
    private final List<TopicPartition> rowPartitions;
    private final List<TopicPartition> runPartitions;
    private final List<TopicPartition> stepPartitions;
    private final List<TopicPartition> waitPartitions;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> endsAtStart;
    private final Counter skipped;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean failed;

    private SessionView(Settings settings, LogOffsets offsets, MeterRegistry registry) {
        this.offsets = offsets;
        this.rowPartitions = partitions(Names.SESSIONS_TOPIC, settings.number(Setting.PARTITIONS));
        this.runPartitions = partitions(Names.SESSION_RUNS_TOPIC, settings.number(Setting.PARTITIONS));
        this.stepPartitions = partitions(Names.RUN_STEPS_TOPIC, settings.number(Setting.PARTITIONS));
        this.waitPartitions = partitions(Names.WAITS_TOPIC, settings.number(Setting.PARTITIONS));
        List<TopicPartition> all = new ArrayList<>(rowPartitions);
        all.addAll(runPartitions);
        all.addAll(stepPartitions);
        all.addAll(waitPartitions);
        this.endsAtStart = offsets.endsAtStart(all);
        this.consumer = new KafkaConsumer<>(KafkaConfigs.reader(settings));
        consumer.assign(all);
        consumer.seekToBeginning(all);
        this.skipped = Counter.builder("baton.ingress.rows.skipped")
                .description("Rows and provenance records that could not be read").register(registry);
        Gauge.builder("baton.ingress.sessions", table, SessionTable::size).description("Session rows in memory")
                .register(registry);
        Gauge.builder("baton.ingress.waits", waits, WaitTable::pending).description("Waits that are pending")
                .register(registry);
        this.thread = Thread.ofPlatform().name("ingress-view").unstarted(this::run);
    }

    public static SessionView start(Settings settings, LogOffsets offsets, MeterRegistry registry) {
        SessionView view = new SessionView(settings, offsets, registry);
        view.thread.start();
        return view;
    }

    /** Whether everything that was there when we started has been read. */
    public boolean ready() {
        return !failed && progress.passed(endsAtStart);
    }

    public boolean live() {
        return !failed;
    }

    @Override
    public Optional<SessionRow> find(String environmentId, String pathValue) {
        return exact(() -> table.find(environmentId, pathValue), rowPartitions);
    }

    @Override
    public Optional<SessionRow> findFresh(String environmentId, String pathValue) {
        awaitEnd(rowPartitions);
        return findHeld(environmentId, pathValue);
    }

    @Override
    public Optional<SessionRow> findHeld(String environmentId, String pathValue) {
        return table.find(environmentId, pathValue);
    }

    @Override
    public Page<SessionRow> page(String environmentId, SessionFilter filter, Paging<ListPosition> paging) {
        awaitEnd(rowPartitions);
        return table.page(environmentId, filter, paging);
    }

    @Override
    public Optional<WaitRow> findWait(String environmentId, String waitpointId) {
        Optional<WaitRow> over = waits.find(environmentId, waitpointId).filter(wait -> wait.completedAt() != null);
        if (over.isPresent()) {
            return over;
        }
        // "Still waiting" must be as true as "there is none": the record may have been acknowledged just now.
        awaitEnd(waitPartitions);
        return waits.find(environmentId, waitpointId);
    }

    /** The same memory, asked for runs. */
    public RunDirectory runs() {
        return new RunDirectory() {
            @Override
            public Optional<KnownRun> find(String environmentId, String runId) {
                return exact(() -> runs.find(environmentId, runId), runPartitions);
            }

            @Override
            public Optional<KnownRun> findFresh(String environmentId, String runId) {
                awaitEnd(runPartitions);
                awaitEnd(stepPartitions);
                return runs.find(environmentId, runId);
            }

            @Override
            public List<SessionRunRow> ofSession(SessionKey key) {
                awaitEnd(runPartitions);
                return runs.ofSession(key);
            }

            @Override
            public Page<KnownRun> page(String environmentId, RunFilter filter, Paging<ListPosition> paging) {
                awaitEnd(runPartitions);
                awaitEnd(stepPartitions);
                return runs.page(environmentId, filter, paging);
            }
        };
    }

    /** "There is none" is said only after everything was read that was there when it was asked. */
    private <T> Optional<T> exact(Supplier<Optional<T>> lookUp, List<TopicPartition> in) {
        Optional<T> held = lookUp.get();
        if (held.isPresent()) {
            return held;
        }
        awaitEnd(in);
        return lookUp.get();
    }

    @Override
    public void learn(SessionRow row) {
        table.put(row);
    }

    private void awaitEnd(List<TopicPartition> partitions) {
        try {
            progress.await(offsets.ends(partitions), BARRIER_PATIENCE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer) {
            while (!stopping) {
                consumer.poll(POLL).forEach(this::apply);
                progress.moveTo(positions());
            }
        } catch (WakeupException _) {
            LOG.debug("session view stopped");
        } catch (RuntimeException e) {
            failed = true;
            LOG.error("session view failed, the process must be restarted", e);
        }
    }

    private Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            positions.put(partition, consumer.position(partition));
        }
        return positions;
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        try {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            switch (record.topic()) {
                case Names.SESSIONS_TOPIC -> applyRow(key, record.value());
                case Names.SESSION_RUNS_TOPIC -> applyRun(key, record.value());
                case Names.RUN_STEPS_TOPIC -> applySteps(record.value());
                case Names.WAITS_TOPIC -> applyWait(record.value());
                default -> throw new IllegalStateException("not assigned: " + record.topic());
            }
        } catch (UncheckedIOException | IllegalArgumentException e) {
            skipped.increment();
            LOG.warn("skipped a row that cannot be read, topic={} partition={} offset={}", record.topic(),
                    record.partition(), record.offset());
        }
    }

    private void applyRow(String key, byte[] value) {
        if (value == null) {
            table.remove(Names.parseSessionKey(key));
        } else {
            table.put(WireJson.read(value, SessionRow.class));
        }
    }

    private void applyRun(String key, byte[] value) {
        if (value == null) {
            String sessionKey = Names.sessionKeyOf(key);
            runs.remove(Names.parseSessionKey(sessionKey), key.substring(sessionKey.length() + 1));
        } else {
            runs.put(WireJson.read(value, SessionRunRow.class));
        }
    }

    /** Steps are never taken back: they leave with the retention of their topic, or here with the provenance of their run. */
    private void applySteps(byte[] value) {
        if (value != null) {
            runs.put(WireJson.read(value, RunStepsRow.class));
        }
    }

    /** Rows of waits are never taken back: they leave with the retention of their topic. */
    private void applyWait(byte[] value) {
        if (value != null) {
            waits.put(WireJson.read(value, WaitRow.class));
        }
    }

    private static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count).mapToObj(number -> new TopicPartition(topic, number)).toList();
    }

    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        try {
            thread.join(STOP);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
