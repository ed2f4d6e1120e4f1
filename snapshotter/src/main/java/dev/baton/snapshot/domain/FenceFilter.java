package dev.baton.snapshot.domain;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.baton.wire.channel.FenceLevel;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;

/**
 * Drops records whose writer had lost the session when they were written ({@link FenceLevel}), for many sessions.
 *
 * <p>Bounded: of more than {@value #SESSIONS_MAX} sessions the ones longest untouched are forgotten. The ingress refuses
 * void writers too, so a forgotten fence matters only to a record that slipped past it, and the row of the session is
 * consulted once more before anything is stored.
 */
public final class FenceFilter {
    static final int SESSIONS_MAX = 20_000;

    private final Map<SessionKey, FenceLevel> levels = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SessionKey, FenceLevel> eldest) {
            return size() > SESSIONS_MAX;
        }
    };

    /** Call once per record, in order of the topic. */
    public boolean accepts(StoredRecord stored) {
        boolean named = stored.isFence() || stored.writer().generation() > 0;
        return !named || levels.computeIfAbsent(stored.key(), _ -> new FenceLevel(0)).admits(stored);
    }
}
