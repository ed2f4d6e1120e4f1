package dev.baton.session.store;

import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

import dev.baton.session.domain.WaitDecider;
import dev.baton.session.domain.WaitDecision;
import dev.baton.session.domain.Waits;
import dev.baton.wire.session.SessionKey;

/** The waits on the sessions of one partition. Only sessions that are waited on have an entry. */
public final class WaitStore {
    public static final String STORE = "waits";
    /** Entries that one walk looks at: the walk holds up the commands of its partition. */
    public static final int WALK_ENTRIES_MAX = 1000;

    private final KeyValueStore<String, Waits> store;
    /** Where the next walk goes on, null for the beginning. */
    private String nextWalk;

    public WaitStore(KeyValueStore<String, Waits> store) {
        this.store = store;
    }

    public static StoreBuilder<KeyValueStore<String, Waits>> builder() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.String(), WaitsCodec.serde());
    }

    public Waits of(SessionKey key) {
        Waits held = store.get(key.toString());
        return held == null ? Waits.NONE : held;
    }

    public void put(SessionKey key, Waits waits) {
        put(key.toString(), waits);
    }

    /** Drops what has timed out, a part of the store at a time. Its rows say so by themselves: nothing is published. */
    public void forgetDead(long at) {
        List<KeyValue<String, Waits>> changed = new ArrayList<>();
        try (KeyValueIterator<String, Waits> rest = store.range(nextWalk, null)) {
            for (int seen = 0; seen < WALK_ENTRIES_MAX && rest.hasNext(); seen++) {
                KeyValue<String, Waits> each = rest.next();
                WaitDecision decision = WaitDecider.forget(each.value, at);
                if (!decision.events().isEmpty()) {
                    changed.add(KeyValue.pair(each.key, decision.applyTo(each.value)));
                }
            }
            nextWalk = rest.hasNext() ? rest.peekNextKey() : null;
        }
        changed.forEach(each -> put(each.key, each.value));
    }

    private void put(String key, Waits waits) {
        if (waits.isEmpty()) {
            store.delete(key);
        } else {
            store.put(key, waits);
        }
    }
}
