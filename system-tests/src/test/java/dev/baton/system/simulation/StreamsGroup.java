package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The processes that share the partitions of a topology. A partition that moves leaves a task behind that may not know it
 * yet: it works on until its commit is refused.
 */
final class StreamsGroup {
    private static final int DOUBT_MS = 20;
    /** Until the broker gives up on the transaction of a process that died. */
    private static final long TRANSACTION_TIMEOUT_MS = 4_000;

    private final World world;
    private final TopologyParts topology;
    private final List<StreamsProcess> processes = new ArrayList<>();
    private final StreamsProcess[] owners = new StreamsProcess[Broker.PARTITIONS];
    private final StreamsTask[] tasks = new StreamsTask[Broker.PARTITIONS];
    /** Those that may still have a transaction, the ones that were left behind included. */
    private final List<StreamsTask> working = new ArrayList<>();
    private final int[] epochs = new int[Broker.PARTITIONS];
    private final List<Changelogs> changelogs = IntStream.range(0, Broker.PARTITIONS).mapToObj(_ -> new Changelogs())
            .toList();
    private final Map<String, Long> offsets = new HashMap<>();
    private long commits;

    StreamsGroup(World world, TopologyParts topology, int processCount) {
        this.world = world;
        this.topology = topology;
        for (int i = 0; i < processCount; i++) {
            processes.add(new StreamsProcess(world, this, topology.name() + i));
        }
        for (int partition = 0; partition < Broker.PARTITIONS; partition++) {
            owners[partition] = processes.get(partition % processCount);
        }
    }

    List<StreamsProcess> processes() {
        return processes;
    }

    TopologyParts topology() {
        return topology;
    }

    Changelogs changelogs(int partition) {
        return changelogs.get(partition);
    }

    long committedOffset(String topic, int partition) {
        return offsets.getOrDefault(topic + partition, 0L);
    }

    void commit(LogPartition input, long position) {
        offsets.put(input.topic() + input.number(), position);
    }

    void committed() {
        commits++;
    }

    /** Rises whenever there may be something new in stores and offsets. */
    long commits() {
        return commits;
    }

    boolean isCurrent(int partition, int epoch) {
        return epochs[partition] == epoch;
    }

    /** A process has come back: it goes on with what nobody else has taken over. */
    void joined(StreamsProcess process) {
        // The same producer id: whatever it had not finished is aborted at once.
        working.stream().filter(task -> task.process() == process).forEach(StreamsTask::abandon);
        for (int partition = 0; partition < Broker.PARTITIONS; partition++) {
            if (owners[partition] == process) {
                assign(partition, process);
            }
        }
    }

    /** Its unfinished transactions hang until the broker ends them or the process is back. */
    void left(StreamsProcess process) {
        working.stream().filter(task -> task.process() == process).forEach(this::timeOut);
    }

    private void timeOut(StreamsTask task) {
        world.time().after(world.chance().between(1, TRANSACTION_TIMEOUT_MS), task::abandon);
    }

    /** Another process gets the partition, whatever the one before it is doing. */
    void move(int partition) {
        StreamsProcess next = processes.get((processes.indexOf(owners[partition]) + 1) % processes.size());
        if (next.up()) {
            world.note("%s-%d moves to %s", topology.name(), partition, next.name());
            owners[partition] = next;
            timeOut(tasks[partition]);
            assign(partition, next);
        }
    }

    private void assign(int partition, StreamsProcess process) {
        epochs[partition]++;
        begin(partition, process, epochs[partition]);
    }

    private void begin(int partition, StreamsProcess process, int epoch) {
        if (!isCurrent(partition, epoch)) {
            return;
        }
        if (tasks[partition] != null && tasks[partition].inDoubt()) {
            process.after(DOUBT_MS, () -> begin(partition, process, epoch));
            return;
        }
        working.removeIf(StreamsTask::closed);
        tasks[partition] = new StreamsTask(world, this, process, partition, epoch);
        working.add(tasks[partition]);
    }

    /** One member of the group. */
    static final class StreamsProcess extends SimulatedProcess {
        private static final int SKEW_MS = 300;
        private final StreamsGroup group;

        private StreamsProcess(World world, StreamsGroup group, String name) {
            super(world, name, world.chance().between(-SKEW_MS, SKEW_MS));
            this.group = group;
        }

        @Override
        protected void begin() {
            group.joined(this);
        }

        @Override
        protected void gone() {
            group.left(this);
        }
    }
}
