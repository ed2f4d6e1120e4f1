package dev.baton.system.simulation;

import java.time.Instant;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/** The part of a window store that claims of part ids need. Nothing falls off: no schedule lasts that long. */
final class ClaimStore extends SimulatedStore<ClaimStore.At, Long> implements WindowStore<String, Long> {
    ClaimStore(String name, SortedMap<At, Long> changelog) {
        super(name, changelog, UnaryOperator.identity());
    }

    /** One key at one time. */
    record At(String key, long atMs) implements Comparable<At> {
        @Override
        public int compareTo(At other) {
            int byKey = key.compareTo(other.key);
            return byKey == 0 ? Long.compare(atMs, other.atMs) : byKey;
        }
    }

    @Override
    public void put(String key, Long value, long atMs) {
        write(new At(key, atMs), value);
    }

    @Override
    public Long fetch(String key, long atMs) {
        return contents().get(new At(key, atMs));
    }

    @Override
    public WindowStoreIterator<Long> fetch(String key, long fromMs, long toMs) {
        return new FoundEntries.OfWindow<>(
                contents().subMap(new At(key, fromMs), true, new At(key, toMs), true).entrySet().stream()
                        .map(entry -> KeyValue.pair(entry.getKey().atMs(), entry.getValue())).toList());
    }

    @Override
    public WindowStoreIterator<Long> fetch(String key, Instant from, Instant to) {
        return fetch(key, from.toEpochMilli(), to.toEpochMilli());
    }

    @Override
    public KeyValueIterator<Windowed<String>, Long> fetch(String from, String to, long fromMs, long toMs) {
        throw new UnsupportedOperationException("nobody asks for a range of keys");
    }

    @Override
    public KeyValueIterator<Windowed<String>, Long> fetchAll(long fromMs, long toMs) {
        throw new UnsupportedOperationException("nobody asks for all keys");
    }

    @Override
    public KeyValueIterator<Windowed<String>, Long> all() {
        throw new UnsupportedOperationException("nobody asks for all keys");
    }
}
