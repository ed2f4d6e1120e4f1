package dev.baton.system.simulation;

/** Reads one partition, committed records only. */
final class LogReader {
    private final LogPartition partition;
    private long position;

    LogReader(LogPartition partition, long position) {
        this.partition = partition;
        this.position = position;
    }

    LogPartition partition() {
        return partition;
    }

    /** The next offset to read. */
    long position() {
        return position;
    }

    /** The next record, null when there is none for now. */
    LogEntry next() {
        LogEntry next = peek();
        if (next != null) {
            position++;
        }
        return next;
    }

    /** Like {@link #next}, and leaves it there; only what is no record is passed over. */
    LogEntry peek() {
        for (long end = partition.stableEnd(); position < end; position++) {
            LogEntry entry = partition.at(position);
            if (entry.readable()) {
                return entry;
            }
        }
        return null;
    }
}
