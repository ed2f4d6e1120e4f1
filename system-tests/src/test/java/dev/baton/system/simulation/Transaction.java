package dev.baton.system.simulation;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a producer writes together. Until it is committed nobody who reads committed sees any of it, nor anything behind
 * its first record in the same partition.
 */
final class Transaction {
    private enum Phase {
        OPEN,
        /** The offsets of the inputs are in it: only the outcome is missing. */
        PREPARED,
        COMMITTED,
        ABORTED
    }

    private final Set<LogPartition> partitions = new LinkedHashSet<>();
    private Phase phase = Phase.OPEN;

    void touches(LogPartition partition) {
        partitions.add(partition);
    }

    void prepare() {
        phase = Phase.PREPARED;
    }

    boolean prepared() {
        return phase == Phase.PREPARED;
    }

    boolean committed() {
        return phase == Phase.COMMITTED;
    }

    /** Whether its fate is known. */
    boolean over() {
        return phase == Phase.COMMITTED || phase == Phase.ABORTED;
    }

    void commit() {
        end(Phase.COMMITTED);
    }

    void abort() {
        end(Phase.ABORTED);
    }

    private void end(Phase outcome) {
        phase = outcome;
        partitions.forEach(partition -> partition.ended(this));
    }
}
