package dev.baton.system.simulation;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** A store of keys and values. */
final class KeyedStore<V> extends SimulatedStore<String, V> implements KeyValueStore<String, V> {
    KeyedStore(String name, SortedMap<String, V> changelog, UnaryOperator<V> stored) {
        super(name, changelog, stored);
    }

    @Override
    public V get(String key) {
        return contents().get(key);
    }

    @Override
    public void put(String key, V value) {
        write(key, value);
    }

    @Override
    public V putIfAbsent(String key, V value) {
        V before = get(key);
        if (before == null) {
            write(key, value);
        }
        return before;
    }

    @Override
    public void putAll(List<KeyValue<String, V>> entries) {
        entries.forEach(entry -> write(entry.key, entry.value));
    }

    @Override
    public V delete(String key) {
        V before = get(key);
        write(key, null);
        return before;
    }

    @Override
    public KeyValueIterator<String, V> range(String from, String to) {
        NavigableMap<String, V> found = from == null ? contents() : contents().tailMap(from, true);
        return entries(to == null ? found : found.headMap(to, true));
    }

    @Override
    public KeyValueIterator<String, V> all() {
        return entries(contents());
    }

    @Override
    public long approximateNumEntries() {
        return contents().size();
    }

    private static <V> KeyValueIterator<String, V> entries(Map<String, V> entries) {
        return new FoundEntries<>(entries.entrySet().stream()
                .map(entry -> KeyValue.pair(entry.getKey(), entry.getValue())).toList());
    }
}
