package dev.baton.system.simulation;

import java.util.List;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStoreIterator;

/** What a store had when it was asked; writes meanwhile do not disturb it. */
class FoundEntries<K, V> implements KeyValueIterator<K, V> {
    private final List<KeyValue<K, V>> entries;
    private int next;

    FoundEntries(List<KeyValue<K, V>> entries) {
        this.entries = entries;
    }

    /** The entries of one key of a window store, by time. */
    static final class OfWindow<V> extends FoundEntries<Long, V> implements WindowStoreIterator<V> {
        OfWindow(List<KeyValue<Long, V>> entries) {
            super(entries);
        }
    }

    @Override
    public boolean hasNext() {
        return next < entries.size();
    }

    @Override
    public KeyValue<K, V> next() {
        return entries.get(next++);
    }

    @Override
    public K peekNextKey() {
        return entries.get(next).key;
    }

    @Override
    public void close() {}
}
