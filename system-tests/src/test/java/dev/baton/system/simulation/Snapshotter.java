package dev.baton.system.simulation;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

import org.apache.kafka.common.header.internals.RecordHeaders;

import dev.baton.snapshot.BoundaryQueue;
import dev.baton.snapshot.BoundaryTask;
import dev.baton.snapshot.SnapshotterMetrics;
import dev.baton.snapshot.StoreHealth;
import dev.baton.snapshot.domain.OpenTurns;
import dev.baton.snapshot.domain.PartitionTurns;
import dev.baton.snapshot.domain.SessionFacts;
import dev.baton.snapshot.domain.Watermark;
import dev.baton.snapshot.turn.TurnWriter;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.session.CommandEnvelope;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;

/**
 * One snapshotter: the product's turns, queue and writer between simulated topics. The agents of the simulation keep
 * their history themselves, so nothing is folded; what matters here is which turns count as settled and that each is
 * reported.
 */
final class Snapshotter extends SimulatedProcess {
    private static final long BUSY_ROUND_MS = 40;
    private static final long COMMIT_MS = 1_000;
    private static final int USUAL_LAG_MS = 15;
    private static final int SKEW_MS = 300;
    private static final Environments ENVIRONMENTS = new Environments(
            List.of(new Environment(SimulatedChat.ENVIRONMENT, "dev", "proj_local", List.of("tr_dev_key"))));
    private final SnapshotterMetrics metrics;
    private final SnapshotterGroup group;
    private final Shelf shelf;
    private final Map<SessionKey, SessionFacts> rows = new HashMap<>();
    private final Map<Integer, LogReader> outs = new TreeMap<>();
    private final Map<Integer, LogReader> ins = new TreeMap<>();
    private OpenTurns turns;
    private BoundaryQueue queue;
    private long nextCommitMs;
    private boolean roundPlanned;

    Snapshotter(World world, SnapshotterGroup group, String name, Shelf shelf, SnapshotterMetrics metrics) {
        super(world, name, world.chance().between(-SKEW_MS, SKEW_MS));
        this.group = group;
        this.shelf = shelf;
        this.metrics = metrics;
    }

    @Override
    protected void begin() {
        rows.clear();
        outs.clear();
        ins.clear();
        roundPlanned = false;
        turns = new OpenTurns();
        TurnWriter writer = new TurnWriter(key -> Optional.ofNullable(rows.get(key)), ENVIRONMENTS,
                shelf, shelf, new LogHistory(world), this::now);
        queue = new BoundaryQueue(writer, this::report, Runnable::run, this::now, new StoreHealth(this::now), metrics);
        for (LogPartition partition : world.broker().topic(Names.SESSIONS_TOPIC)) {
            world.broker().follow(this, new LogReader(partition, 0), world.weather().rowLagMs(), found -> {
                found.forEach(this::learn);
                planRound();
            });
        }
        for (int partition = 0; partition < Broker.PARTITIONS; partition++) {
            if (group.owns(this, partition)) {
                serve(partition);
            }
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clockMs());
    }

    private void learn(LogEntry entry) {
        SessionRow row = (SessionRow) entry.value();
        rows.put(row.key(), SessionFacts.of(row));
    }

    /** The partition is its own now. */
    void gain(int partition) {
        if (group.owns(this, partition) && turns.partition(partition) == null) {
            serve(partition);
        }
    }

    /** Somebody else is to have it: the last chance to commit. */
    void revoke(int partition) {
        if (turns.partition(partition) != null) {
            group.commit(this, partition, turns.partition(partition).watermark());
            lose(partition);
        }
    }

    /** Somebody else has it. */
    void lose(int partition) {
        if (!group.owns(this, partition)) {
            turns.revoke(partition);
            queue.revoke(partition);
            outs.remove(partition);
            ins.remove(partition);
        }
    }

    private void serve(int partition) {
        Watermark from = group.committed(partition);
        turns.assign(partition, from);
        LogReader out = new LogReader(world.broker().partition(Channel.OUT.topic(), partition), from.out());
        LogReader in = new LogReader(world.broker().partition(Channel.IN.topic(), partition), from.in());
        outs.put(partition, out);
        ins.put(partition, in);
        out.partition().watch(watcher());
        in.partition().watch(watcher());
        planRound();
    }

    private BooleanSupplier watcher() {
        int born = life();
        return () -> {
            boolean alive = up() && life() == born;
            if (alive) {
                planRound();
            }
            return alive;
        };
    }

    private void planRound() {
        if (!roundPlanned) {
            roundPlanned = true;
            after(world.chance().around(USUAL_LAG_MS), this::round);
        }
    }

    /** Like a poll and what follows from it; either topic may be read first. */
    private void round() {
        roundPlanned = false;
        for (int partition : outs.keySet()) {
            boolean inFirst = world.chance().oneIn(2);
            if (inFirst) {
                readIn(partition);
            }
            readOut(partition);
            advance(turns.partition(partition));
            if (!inFirst) {
                readIn(partition);
                advance(turns.partition(partition));
            }
        }
        queue.advance(turns);
        commit();
        if (queue.size() > 0) {
            roundPlanned = true;
            after(BUSY_ROUND_MS, this::round);
        }
    }

    private void readIn(int partition) {
        LogReader reader = ins.get(partition);
        for (LogEntry next = reader.next(); next != null; next = reader.next()) {
            if (!Names.namesSideChannel(next.stored(Channel.IN).key().chatId())) {
                turns.in(partition, next.stored(Channel.IN));
            }
        }
    }

    private void readOut(int partition) {
        LogReader reader = outs.get(partition);
        for (LogEntry next = reader.next(); next != null; next = reader.next()) {
            if (!Names.namesSideChannel(next.stored(Channel.OUT).key().chatId())) {
                turns.out(partition, next.stored(Channel.OUT));
            }
        }
    }

    private void advance(PartitionTurns partition) {
        int number = partition.number();
        partition.positions(outs.get(number).position(), ins.get(number).position());
        if (partition.needsInEnd()) {
            partition.inEnd(ins.get(number).partition().stableEnd());
        }
        partition.takeReady().forEach(boundary -> queue.add(new BoundaryTask(number, boundary, now())));
    }

    private void commit() {
        if (clockMs() >= nextCommitMs) {
            nextCommitMs = clockMs() + COMMIT_MS;
            turns.all().forEach(partition -> partition.sweep(rows::get, clockMs()));
            turns.all().forEach(partition -> group.commit(this, partition.number(), partition.watermark()));
        }
    }

    private CompletionStage<Void> report(Boundary boundary) {
        if (world.weather().fails()) {
            return CompletableFuture.failedStage(new IllegalStateException("the broker does not answer"));
        }
        CompletableFuture<Void> reported = new CompletableFuture<>();
        String key = boundary.key().toString();
        world.broker().send(this, world.broker().partitionOf(Names.COMMANDS_TOPIC, key), key,
                new CommandEnvelope("settle-" + boundary.outSeq(), CommandEnvelope.NO_REPLY, clockMs(),
                        new SessionCommand.SettleTurn(boundary.generation(), boundary.inSeq(), boundary.outSeq())),
                new RecordHeaders(), _ -> reported.complete(null));
        return reported;
    }
}
