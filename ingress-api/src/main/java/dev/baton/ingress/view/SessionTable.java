package dev.baton.ingress.view;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.baton.wire.Names;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/**
 * Rows and provenance in memory, by session key and by friendly id. Safe for all threads: of two rows of one session the
 * one with the higher {@code rowVersion} stays, whoever brings it.
 */
public final class SessionTable {
    private final Map<SessionKey, SessionRow> rows = new ConcurrentHashMap<>();
    private final Map<FriendlyId, SessionKey> keys = new ConcurrentHashMap<>();
    private final Map<SessionKey, Map<String, SessionRunRow>> runs = new ConcurrentHashMap<>();
    private final Map<FriendlyId, SessionRunRow> runsById = new ConcurrentHashMap<>();
    /** All runs of an environment, the one that was requested last first. */
    private final Map<String, NavigableSet<ListPosition>> runLists = new ConcurrentHashMap<>();
    /** Changed while the row of the session is locked in {@link #rows}. */
    private final SessionIndex index = new SessionIndex();

    /** Of a session or a run. Friendly ids are looked up within their environment only: tenants do not see each other. */
    private record FriendlyId(String environmentId, String id) {}

    public void put(SessionRow row) {
        rows.compute(row.key(), (key, held) -> {
            if (held != null && held.rowVersion() >= row.rowVersion()) {
                return held;
            }
            keys.put(new FriendlyId(row.environmentId(), row.id()), key);
            index.replace(held, row);
            return row;
        });
    }

    void remove(SessionKey key) {
        rows.computeIfPresent(key, (_, held) -> {
            index.replace(held, null);
            keys.remove(new FriendlyId(held.environmentId(), held.id()));
            return null;
        });
    }

    public void put(SessionRunRow run) {
        runs.computeIfAbsent(new SessionKey(run.environmentId(), run.chatId()), _ -> new ConcurrentHashMap<>())
                .put(run.runId(), run);
        runsById.put(new FriendlyId(run.environmentId(), run.runId()), run);
        runLists.computeIfAbsent(run.environmentId(), _ -> new ConcurrentSkipListSet<>()).add(position(run));
    }

    private static ListPosition position(SessionRunRow run) {
        return new ListPosition(run.requestedAt(), run.runId());
    }

    void removeRun(SessionKey key, String runId) {
        SessionRunRow removed = runsById.remove(new FriendlyId(key.environmentId(), runId));
        if (removed != null) {
            runLists.get(key.environmentId()).remove(position(removed));
        }
        runs.computeIfPresent(key, (_, ofSession) -> {
            ofSession.remove(runId);
            return ofSession.isEmpty() ? null : ofSession;
        });
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
                .filter(filter::matches), paging);
    }

    /** An externalId names one session at most: no list is walked for it. */
    private Stream<ListPosition> named(String environmentId, SessionFilter filter, Paging<ListPosition> paging) {
        NavigableSet<ListPosition> positions = filter.externalIds().stream()
                .map(externalId -> rows.get(new SessionKey(environmentId, externalId))).filter(Objects::nonNull)
                .map(ListPosition::of).collect(Collectors.toCollection(TreeSet::new));
        return SessionIndex.range(positions, filter, paging).stream();
    }

    List<SessionRunRow> runs(SessionKey key) {
        return runs.getOrDefault(key, Map.of()).values().stream()
                .sorted(Comparator.comparingLong(SessionRunRow::generation).reversed()).toList();
    }

    /** Walks the runs from the cursor on until the page is full. */
    public Page<OwnedRun> runPage(String environmentId, RunFilter filter, Paging<ListPosition> paging) {
        NavigableSet<ListPosition> list = runLists.getOrDefault(environmentId, new ConcurrentSkipListSet<>());
        return Page.of(SessionIndex.range(list, Long.MIN_VALUE, Long.MAX_VALUE, paging).stream()
                .flatMap(position -> owned(environmentId, position.id()).stream())
                .filter(owned -> filter.matches(owned.run(), owned.session())), paging);
    }

    private Optional<OwnedRun> owned(String environmentId, String runId) {
        return findRun(environmentId, runId).flatMap(run -> Optional
                .ofNullable(rows.get(new SessionKey(environmentId, run.chatId()))).map(row -> new OwnedRun(run, row)));
    }

    Optional<SessionRunRow> findRun(String environmentId, String runId) {
        return Optional.ofNullable(runsById.get(new FriendlyId(environmentId, runId)));
    }

    int size() {
        return rows.size();
    }
}
