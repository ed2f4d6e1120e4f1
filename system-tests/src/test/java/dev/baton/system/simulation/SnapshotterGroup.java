package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.List;

import dev.baton.snapshot.SnapshotterMetrics;
import dev.baton.snapshot.domain.Watermark;

/** Two snapshotters that share the partitions: offsets, and who has which one. */
final class SnapshotterGroup {
    private static final int SIZE = 2;
    /** Until the one that lost a partition hears of it: longer if it stands still. */
    private static final int NOTICE_MS = 60;

    private final World world;
    private final List<Snapshotter> processes = new ArrayList<>();
    private final Snapshotter[] owners = new Snapshotter[Broker.PARTITIONS];
    private final Watermark[] committed = new Watermark[Broker.PARTITIONS];

    SnapshotterGroup(World world, Shelf shelf, SnapshotterMetrics metrics) {
        this.world = world;
        for (int i = 0; i < SIZE; i++) {
            processes.add(new Snapshotter(world, this, "snapshotter" + i, shelf, metrics));
        }
        for (int partition = 0; partition < Broker.PARTITIONS; partition++) {
            owners[partition] = processes.get(partition % SIZE);
            committed[partition] = new Watermark(0, 0);
        }
    }

    List<Snapshotter> processes() {
        return processes;
    }

    boolean owns(Snapshotter process, int partition) {
        return owners[partition] == process;
    }

    Watermark committed(int partition) {
        return committed[partition];
    }

    /** Only the member that has the partition commits. */
    void commit(Snapshotter process, int partition, Watermark watermark) {
        if (owns(process, partition)) {
            committed[partition] = watermark;
        }
    }

    /** The other one gets it. The one before commits first if it hears of it in time, as in a rebalance, else it is lost. */
    void move(int partition) {
        Snapshotter before = owners[partition];
        Snapshotter next = processes.get((processes.indexOf(before) + 1) % SIZE);
        if (!next.up()) {
            return;
        }
        world.note("snapshotter-%d moves to %s", partition, next.name());
        boolean asked = world.chance().oneIn(2);
        if (asked && before.up() && !before.paused()) {
            before.revoke(partition);
        }
        owners[partition] = next;
        before.after(world.chance().between(0, NOTICE_MS), () -> before.lose(partition));
        next.after(world.chance().between(0, NOTICE_MS), () -> next.gain(partition));
    }
}
