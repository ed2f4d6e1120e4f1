package dev.baton.system.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The committed contents of all stores of one partition. */
final class Changelogs {
    private final Map<String, SortedMap<?, ?>> byStore = new HashMap<>();

    /** What the store of this name has committed; a store has one type of keys and values. */
    @SuppressWarnings("unchecked")
    <K, V> SortedMap<K, V> of(String store) {
        return (SortedMap<K, V>) byStore.computeIfAbsent(store, _ -> new TreeMap<K, V>());
    }
}
