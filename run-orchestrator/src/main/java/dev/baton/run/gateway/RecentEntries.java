package dev.baton.run.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A map that forgets its oldest entry when it is full. For hints whose loss does no harm. Thread-safe. */
final class RecentEntries<K, V> {
    private final Map<K, V> entries;

    RecentEntries(int entriesMax) {
        this.entries = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > entriesMax;
            }
        };
    }

    synchronized void put(K key, V value) {
        entries.remove(key);
        entries.put(key, value);
    }

    synchronized Optional<V> find(K key) {
        return Optional.ofNullable(entries.get(key));
    }

    synchronized Optional<V> remove(K key) {
        return Optional.ofNullable(entries.remove(key));
    }
}
