package dev.baton.session.store;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

import dev.baton.session.domain.SessionDecider;
import dev.baton.wire.session.SessionKey;

/** Which part ids were claimed lately, and the seq each of them got. Old claims fall off by whole segments of time. */
public final class PartClaims {
    public static final String STORE = "part-claims";
    private static final Duration RETENTION = SessionDecider.PART_CLAIM_TTL.plusSeconds(30);
    /** A part id travels in an HTTP header, which cannot hold this: so the last one separates. */
    private static final char SEPARATOR = '\0';

    private final WindowStore<String, Long> store;

    public PartClaims(WindowStore<String, Long> store) {
        this.store = store;
    }

    public static StoreBuilder<WindowStore<String, Long>> builder() {
        return Stores.windowStoreBuilder(
                Stores.persistentWindowStore(STORE, RETENTION, SessionDecider.PART_CLAIM_TTL, false), Serdes.String(),
                Serdes.Long());
    }

    /**
     * The seq this part id was given within 300 s before {@code at}. Looks as far ahead as back: the clocks of two
     * ingresses differ, and a repeat may carry the earlier time.
     */
    public OptionalLong find(SessionKey key, String partId, long at) {
        Instant now = Instant.ofEpochMilli(at);
        Duration ttl = SessionDecider.PART_CLAIM_TTL;
        Instant from = at < ttl.toMillis() ? Instant.EPOCH : now.minus(ttl);
        try (WindowStoreIterator<Long> claims = store.fetch(storeKey(key, partId), from, now.plus(ttl))) {
            return claims.hasNext() ? OptionalLong.of(claims.next().value) : OptionalLong.empty();
        }
    }

    public void put(SessionKey key, String partId, long seq, long at) {
        store.put(storeKey(key, partId), seq, at);
    }

    private static String storeKey(SessionKey key, String partId) {
        return key.toString() + SEPARATOR + partId;
    }
}
