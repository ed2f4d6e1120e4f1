package dev.baton.system.simulation;

import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;

/**
 * The store of one task. What a task writes is in its changelog only from the commit on; a task that begins again begins
 * with the changelog.
 */
abstract class SimulatedStore<K extends Comparable<K>, V> implements StateStore {
    private final String name;
    private final SortedMap<K, V> changelog;
    private final TreeMap<K, V> contents = new TreeMap<>();
    private final Set<K> uncommitted = new HashSet<>();

    /**
     * @param changelog committed contents, shared by all tasks of this partition that there ever are
     * @param stored what becomes of a value that is written to the changelog and read again
     */
    SimulatedStore(String name, SortedMap<K, V> changelog, UnaryOperator<V> stored) {
        this.name = name;
        this.changelog = changelog;
        changelog.forEach((key, value) -> contents.put(key, stored.apply(value)));
    }

    protected final TreeMap<K, V> contents() {
        return contents;
    }

    /** @param value null removes */
    protected final void write(K key, V value) {
        if (value == null) {
            contents.remove(key);
        } else {
            contents.put(key, value);
        }
        uncommitted.add(key);
    }

    final void commit() {
        for (K key : uncommitted) {
            V value = contents.get(key);
            if (value == null) {
                changelog.remove(key);
            } else {
                changelog.put(key, value);
            }
        }
        uncommitted.clear();
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final void init(StateStoreContext context, StateStore root) {}

    @Override
    public final void close() {}

    @Override
    public final boolean persistent() {
        return true;
    }

    @Override
    public final boolean isOpen() {
        return true;
    }
}
