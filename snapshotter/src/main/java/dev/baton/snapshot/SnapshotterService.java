package dev.baton.snapshot;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

import dev.baton.snapshot.store.ObjectStore;
import dev.baton.snapshot.store.S3Snapshots;
import dev.baton.snapshot.topic.CommandTurnReporter;
import dev.baton.snapshot.topic.KafkaTopicHistory;
import dev.baton.snapshot.topic.SessionRowView;
import dev.baton.snapshot.turn.TurnWriter;
import dev.baton.wire.Names;
import dev.baton.wire.service.GroupMember;
import dev.baton.wire.service.KafkaConfigs;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.service.ServiceHealth;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;
import dev.baton.wire.service.TopicProvisioner;
import dev.baton.wire.token.Environments;

/** The running snapshotter (design D9). Several processes share the partitions. */
public final class SnapshotterService implements ServiceHealth, AutoCloseable {
    private static final String GROUP = Names.group("snapshotter");
    private static final Duration LOOP_STOP = Duration.ofMillis(1_500);
    /** How long the receipt of a deletion lies at most before its snapshot goes. */
    private static final long CLEAR_EVERY_MS = 100;
    private static final Duration PRODUCER_STOP = Duration.ofMillis(500);

    private final ObjectStore store;
    private final SessionRowView rows;
    private final Producer<byte[], byte[]> producer;
    private final ExecutorService workers;
    private final ScheduledExecutorService cleaner;
    private final StoreHealth health;
    private final SnapshotLoop loop;
    private final Thread thread;

    private SnapshotterService(Settings settings, Metrics metrics, ObjectStore store) {
        InstantSource clock = InstantSource.system();
        SnapshotterMetrics meters = new SnapshotterMetrics(metrics.registry());
        this.store = store;
        producer = new KafkaProducer<>(KafkaConfigs.producer(settings));
        workers = Executors.newFixedThreadPool(BoundaryQueue.WORKERS,
                Thread.ofPlatform().name("snapshotter-worker-", 0).daemon().factory());
        health = new StoreHealth(clock);
        S3Snapshots snapshots = new S3Snapshots(store);
        Environments environments = Environments.of(settings);
        DeletedSnapshots deleted = new DeletedSnapshots(snapshots, environments, clock, meters);
        rows = SessionRowView.start(settings, deleted::receipt);
        cleaner = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("snapshotter-cleaner").daemon().factory());
        cleaner.scheduleWithFixedDelay(deleted::clearDue, CLEAR_EVERY_MS, CLEAR_EVERY_MS, TimeUnit.MILLISECONDS);
        TurnWriter writer = new TurnWriter(rows, environments, snapshots, snapshots,
                new KafkaTopicHistory(settings), clock);
        BoundaryQueue queue = new BoundaryQueue(writer, new CommandTurnReporter(producer, clock), workers, clock,
                health,
                meters);
        loop = new SnapshotLoop(consumer(settings), queue, rows, clock, meters);
        thread = new Thread(loop, "snapshotter-loop");
        thread.setDaemon(true);
    }

    /** @throws SettingsException when a setting is missing or broker or store cannot be reached */
    public static SnapshotterService start(Settings settings, Metrics metrics) {
        TopicProvisioner.provision(settings);
        SnapshotterService service = new SnapshotterService(settings, metrics, ObjectStore.open(settings));
        service.thread.start();
        return service;
    }

    /** The same partitions of both topics: range assignment over topics with equal counts. */
    private static Consumer<byte[], byte[]> consumer(Settings settings) {
        Map<String, Object> config = KafkaConfigs.reader(settings);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        config.putAll(GroupMember.config(settings, GROUP));
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(RangeAssignor.class));
        return new KafkaConsumer<>(config);
    }

    @Override
    public String name() {
        return "snapshotter";
    }

    @Override
    public boolean ready() {
        return live() && loop.joined() && rows.caughtUp() && health.usable();
    }

    @Override
    public boolean live() {
        return thread.isAlive() && rows.live();
    }

    /** Boundaries that are not stored yet are read again at the next start. */
    @Override
    public void close() {
        loop.stop();
        try {
            thread.join(LOOP_STOP);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        workers.shutdownNow();
        cleaner.shutdownNow();
        rows.close();
        producer.close(PRODUCER_STOP);
        store.close();
    }
}
