package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import org.apache.kafka.common.header.Headers;

/** One partition of a topic, as a broker keeps it. */
final class LogPartition {
    private final String topic;
    private final int number;
    private final Timeline time;
    private final List<LogEntry> entries = new ArrayList<>();
    private final Map<Transaction, Long> openSince = new LinkedHashMap<>();
    private List<BooleanSupplier> watchers = new ArrayList<>();

    LogPartition(String topic, int number, Timeline time) {
        this.topic = topic;
        this.number = number;
        this.time = time;
    }

    String topic() {
        return topic;
    }

    int number() {
        return number;
    }

    /** @return its offset */
    long append(String key, Object value, Headers headers) {
        long offset = end();
        entries.add(new LogEntry(this, offset, time.nowMs(), key, value, headers, null));
        wake();
        return offset;
    }

    void append(String key, Object value, Headers headers, Transaction transaction) {
        openSince.putIfAbsent(transaction, end());
        transaction.touches(this);
        entries.add(new LogEntry(this, end(), time.nowMs(), key, value, headers, transaction));
    }

    void ended(Transaction transaction) {
        openSince.remove(transaction);
        entries.add(LogEntry.marker(this, end(), time.nowMs()));
        wake();
    }

    LogEntry at(long offset) {
        return entries.get((int) offset);
    }

    long end() {
        return entries.size();
    }

    /** Before it every record's fate is known. */
    long stableEnd() {
        long stable = end();
        for (long since : openSince.values()) {
            stable = Math.min(stable, since);
        }
        return stable;
    }

    /** @param watcher called when there may be more to read; false when it wants to hear no more */
    void watch(BooleanSupplier watcher) {
        watchers.add(watcher);
    }

    private void wake() {
        List<BooleanSupplier> before = watchers;
        watchers = new ArrayList<>(before.size());
        for (BooleanSupplier watcher : before) {
            if (watcher.getAsBoolean()) {
                watchers.add(watcher);
            }
        }
    }
}
