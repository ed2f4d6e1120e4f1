package dev.baton.ingress.view;

import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.baton.wire.Names;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;

/**
 * Rows in memory, by session key and by friendly id. Safe for all threads: of two rows of one session the
 * one with the higher {@code rowVersion} stays, whoever brings it. Receipts of deleted sessions are kept, and on no list.
 */
public final class SessionTable {
    private final Map<SessionKey, SessionRow> rows = new ConcurrentHashMap<>();
    private final Map<FriendlyId, SessionKey> keys = new ConcurrentHashMap<>();
    /** Changed while the row of the session is locked in {@link #rows}. */
    private final SessionIndex index = new SessionIndex();

    /** Friendly ids are looked up within their environment only: tenants do not see each other. */
    private record FriendlyId(String environmentId, String id) {}

    public void put(SessionRow row) {
        rows.compute(row.key(), (key, held) -> {
            if (held != null && held.rowVersion() >= row.rowVersion()) {
                return held;
            }
            keys.put(new FriendlyId(row.environmentId(), row.id()), key);
            index.replace(listed(held), listed(row));
            return row;
        });
    }

    void remove(SessionKey key) {
        rows.computeIfPresent(key, (_, held) -> {
            index.replace(listed(held), null);
            keys.remove(new FriendlyId(held.environmentId(), held.id()));
            return null;
        });
    }

    private static SessionRow listed(SessionRow row) {
        return row == null || row.deleted() ? null : row;
    }

    public Optional<SessionRow> find(String environmentId, String pathValue) {
        SessionKey key = Names.isFriendlySessionId(pathValue)
                ? keys.get(new FriendlyId(environmentId, pathValue))
                : new SessionKey(environmentId, pathValue);
        return Optional.ofNullable(key).map(rows::get);
    }

    /** The sessions of an environment that fit, newest first (contract §1.3). */
    public Page<SessionRow> page(String environmentId, SessionFilter filter, Paging<ListPosition> paging) {
        Stream<ListPosition> positions = filter.externalIds().isEmpty()
                ? index.walk(environmentId, filter, paging)
                : named(environmentId, filter, paging);
        return Page.of(positions.flatMap(position -> find(environmentId, position.id()).stream())
                .filter(row -> !row.deleted()).filter(filter::matches), paging);
    }

    /** An externalId names one session at most: no list is walked for it. */
    private Stream<ListPosition> named(String environmentId, SessionFilter filter, Paging<ListPosition> paging) {
        NavigableSet<ListPosition> positions = filter.externalIds().stream()
                .map(externalId -> rows.get(new SessionKey(environmentId, externalId))).filter(Objects::nonNull)
                .map(ListPosition::of).collect(Collectors.toCollection(TreeSet::new));
        return SessionIndex.range(positions, filter, paging).stream();
    }

    int size() {
        return rows.size();
    }
}
