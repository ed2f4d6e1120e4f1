package dev.baton.ingress.view;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dev.baton.wire.Names;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/**
 * Rows and provenance in memory, by session key and by friendly id. Safe for all threads: of two rows of one session the
 * one with the higher {@code rowVersion} stays, whoever brings it.
 */
final class SessionTable {
    private final Map<SessionKey, SessionRow> rows = new ConcurrentHashMap<>();
    private final Map<FriendlyId, SessionKey> keys = new ConcurrentHashMap<>();
    private final Map<SessionKey, Map<String, SessionRunRow>> runs = new ConcurrentHashMap<>();

    /** Friendly ids are looked up within their environment only: tenants do not see each other. */
    private record FriendlyId(String environmentId, String id) {}

    void put(SessionRow row) {
        rows.merge(row.key(), row, (held, brought) -> brought.rowVersion() > held.rowVersion() ? brought : held);
        keys.put(new FriendlyId(row.environmentId(), row.id()), row.key());
    }

    void remove(SessionKey key) {
        SessionRow removed = rows.remove(key);
        if (removed != null) {
            keys.remove(new FriendlyId(removed.environmentId(), removed.id()));
        }
    }

    void put(SessionRunRow run) {
        runs.computeIfAbsent(new SessionKey(run.environmentId(), run.chatId()), _ -> new ConcurrentHashMap<>())
                .put(run.runId(), run);
    }

    void removeRun(SessionKey key, String runId) {
        runs.computeIfPresent(key, (_, ofSession) -> {
            ofSession.remove(runId);
            return ofSession.isEmpty() ? null : ofSession;
        });
    }

    Optional<SessionRow> find(String environmentId, String pathValue) {
        SessionKey key = Names.isFriendlySessionId(pathValue)
                ? keys.get(new FriendlyId(environmentId, pathValue))
                : new SessionKey(environmentId, pathValue);
        return Optional.ofNullable(key).map(rows::get);
    }

    List<SessionRunRow> runs(SessionKey key) {
        return runs.getOrDefault(key, Map.of()).values().stream()
                .sorted(Comparator.comparingLong(SessionRunRow::generation).reversed()).toList();
    }

    int size() {
        return rows.size();
    }
}
