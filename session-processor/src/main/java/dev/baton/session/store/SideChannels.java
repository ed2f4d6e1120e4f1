package dev.baton.session.store;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

import dev.baton.wire.session.SessionKey;

/** How far the {@code .in} of each side channel has come. A channel is there from its first record on. */
public final class SideChannels {
    public static final String STORE = "side-channels";
    private static final long NONE = -1;

    private final KeyValueStore<String, Long> store;

    public SideChannels(KeyValueStore<String, Long> store) {
        this.store = store;
    }

    public static StoreBuilder<KeyValueStore<String, Long>> builder() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.Long());
    }

    /** Highest seq that was given out, −1 before the first. */
    public long lastSeq(SessionKey channel) {
        Long held = store.get(channel.toString());
        return held == null ? NONE : held;
    }

    public void put(SessionKey channel, long lastSeq) {
        store.put(channel.toString(), lastSeq);
    }
}
