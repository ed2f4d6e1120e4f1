package dev.baton.system.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.Record;

/**
 * One partition of a topology in the hands of one process, for as long as that lasts. Inputs are processed in
 * transactions of a few milliseconds; a transaction holds writes to topics and stores and the offsets of its inputs.
 */
final class StreamsTask {
    private static final int POLL_MS = 3;
    private static final int COMMIT_MS = 10;
    /** A busy process comes to its clock late, though not as late as to take that for a stall. */
    private static final int TICK_STRETCH = 3;

    private final World world;
    private final StreamsGroup group;
    private final SimulatedProcess process;
    private final int partition;
    private final int epoch;
    private final List<LogReader> inputs = new ArrayList<>();
    private final Map<String, StateStore> stores = new LinkedHashMap<>();
    private final TopologyParts.TaskProcessor processor;
    private Transaction transaction;
    private boolean stepPlanned;
    private boolean commitPlanned;
    private boolean ticking;
    private boolean closed;
    private Runnable tick;

    /** @param epoch number of the assignment of the partition: only the newest one may commit */
    StreamsTask(World world, StreamsGroup group, SimulatedProcess process, int partition, int epoch) {
        this.world = world;
        this.group = group;
        this.process = process;
        this.partition = partition;
        this.epoch = epoch;
        for (String source : group.topology().sources()) {
            inputs.add(new LogReader(world.broker().partition(source, partition),
                    group.committedOffset(source, partition)));
        }
        processor = group.topology().begin(new TaskContext(this));
        inputs.forEach(input -> input.partition().watch(this::notice));
        notice();
    }

    SimulatedProcess process() {
        return process;
    }

    int partition() {
        return partition;
    }

    StateStore store(String name) {
        return stores.computeIfAbsent(name, wanted -> group.topology().store(wanted, group.changelogs(partition)));
    }

    /** Calls the punctuator again and again, once the task has something to look after. */
    void schedule(Duration interval, Punctuator punctuator) {
        tick = () -> process.after(interval.toMillis() * TICK_STRETCH, () -> {
            if (!closed) {
                if (!preparing()) {
                    punctuator.punctuate(process.clockMs());
                }
                tick.run();
            }
        });
        if (stores.values().stream().anyMatch(store -> !((SimulatedStore<?, ?>) store).contents().isEmpty())) {
            startTicking();
        }
    }

    private void startTicking() {
        if (!ticking && tick != null) {
            ticking = true;
            tick.run();
        }
    }

    private boolean notice() {
        boolean ours = !closed && process.up();
        if (ours && !stepPlanned && inputs.stream().anyMatch(input -> input.peek() != null)) {
            stepPlanned = true;
            process.after(world.chance().between(0, POLL_MS), this::step);
        }
        return ours;
    }

    private void step() {
        stepPlanned = false;
        if (closed || preparing()) {
            return;
        }
        int first = world.chance().below(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            LogReader input = inputs.get((first + i) % inputs.size());
            LogEntry next = input.next();
            if (next != null) {
                begun();
                processor.process(input.partition().topic(), next);
                startTicking();
                break;
            }
        }
        notice();
    }

    private boolean preparing() {
        return transaction != null && transaction.prepared();
    }

    /** What is done from here on is in a transaction. */
    private Transaction begun() {
        if (transaction == null) {
            transaction = new Transaction();
        }
        if (!commitPlanned) {
            commitPlanned = true;
            process.after(COMMIT_MS + world.chance().between(0, COMMIT_MS), this::prepare);
        }
        return transaction;
    }

    void forward(String sink, Record<?, ?> record) {
        TopologyParts.Destination to = group.topology().destination(sink, record);
        if (to.partition() != null) {
            world.broker().partition(to.topic(), to.partition()).append((String) record.key(), record.value(),
                    record.headers(), begun());
        }
    }

    /** Hands the offsets of the inputs in: that is refused when the partition has gone to somebody else. */
    private void prepare() {
        if (closed || transaction.over() || !group.isCurrent(partition, epoch)) {
            world.note("%s-%d at %s is fenced", group.topology().name(), partition, process.name());
            abandon();
            return;
        }
        transaction.prepare();
        process.after(world.chance().between(1, POLL_MS), this::commit);
    }

    private void commit() {
        if (closed || transaction.over()) {
            abandon();
            return;
        }
        stores.values().forEach(store -> ((SimulatedStore<?, ?>) store).commit());
        inputs.forEach(input -> group.commit(input.partition(), input.position()));
        Transaction done = transaction;
        transaction = null;
        commitPlanned = false;
        done.commit();
        group.committed();
        notice();
    }

    /** Whether the offsets of the partition are in doubt: the next one to serve it waits until they are not. */
    boolean inDoubt() {
        return preparing();
    }

    boolean closed() {
        return closed;
    }

    /** Its work since the last commit is lost. */
    void abandon() {
        closed = true;
        if (transaction != null && !transaction.over()) {
            transaction.abort();
        }
    }
}
