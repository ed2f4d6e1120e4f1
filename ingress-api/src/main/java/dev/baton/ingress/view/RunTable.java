package dev.baton.ingress.view;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.baton.wire.run.RunSteps;
import dev.baton.wire.run.RunStepsRow;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRunRow;

/**
 * Provenance and steps of all runs in memory. Safe for all threads: one lock, so that a page shows each run once and as it
 * is at one moment.
 *
 * <p>Each run stands in one list, that of its kind. A filter takes the lists of the kinds that fit and merges them, so
 * whatever it asks, a page costs its own rows and one step for each kind there is. A filter that names sessions walks their
 * runs instead.
 */
public final class RunTable {
    private final ReentrantLock lock = new ReentrantLock();
    /** All guarded by {@link #lock}. Steps may come before the provenance of their run: they lie in another partition. */
    private final Map<InEnvironment, SessionRunRow> rows = new HashMap<>();
    private final Map<InEnvironment, RunSteps> steps = new HashMap<>();
    /** By environment. */
    private final Map<String, Map<RunKind, NavigableSet<ListPosition>>> kinds = new HashMap<>();
    /** By both ids of their session. */
    private final Map<InEnvironment, NavigableSet<ListPosition>> sessions = new HashMap<>();

    /** Ids are looked up within their environment only: tenants do not see each other. */
    private record InEnvironment(String environmentId, String id) {}

    public void put(SessionRunRow row) {
        InEnvironment id = new InEnvironment(row.environmentId(), row.runId());
        locked(() -> change(id, () -> rows.put(id, row)));
    }

    public void put(RunStepsRow row) {
        InEnvironment id = new InEnvironment(row.environmentId(), row.runId());
        locked(() -> change(id, () -> steps.put(id, row.steps())));
    }

    void remove(SessionKey key, String runId) {
        InEnvironment id = new InEnvironment(key.environmentId(), runId);
        locked(() -> change(id, () -> {
            steps.remove(id);
            return rows.remove(id);
        }));
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** The run leaves its lists, is changed, and goes where it belongs then. */
    private <T> T change(InEnvironment id, Supplier<T> work) {
        known(id).ifPresent(this::unlist);
        T result = work.get();
        known(id).ifPresent(this::list);
        return result;
    }

    private Optional<KnownRun> known(InEnvironment id) {
        return Optional.ofNullable(rows.get(id))
                .map(row -> new KnownRun(row, steps.getOrDefault(id, RunSteps.NONE)));
    }

    private void list(KnownRun run) {
        ListPosition position = position(run);
        kinds.computeIfAbsent(run.row().environmentId(), _ -> new HashMap<>())
                .computeIfAbsent(RunKind.of(run), _ -> new TreeSet<>()).add(position);
        sessionsOf(run).forEach(id -> sessions.computeIfAbsent(id, _ -> new TreeSet<>()).add(position));
    }

    private void unlist(KnownRun run) {
        ListPosition position = position(run);
        remove(kinds.get(run.row().environmentId()), RunKind.of(run), position);
        sessionsOf(run).forEach(id -> remove(sessions, id, position));
    }

    private static <K> void remove(Map<K, NavigableSet<ListPosition>> lists, K name, ListPosition position) {
        NavigableSet<ListPosition> list = lists.get(name);
        list.remove(position);
        if (list.isEmpty()) {
            lists.remove(name);
        }
    }

    private static Stream<InEnvironment> sessionsOf(KnownRun run) {
        return Stream.of(run.row().sessionId(), run.row().chatId()).distinct()
                .map(id -> new InEnvironment(run.row().environmentId(), id));
    }

    private static ListPosition position(KnownRun run) {
        return new ListPosition(run.row().requestedAt(), run.row().runId());
    }

    public Optional<KnownRun> find(String environmentId, String runId) {
        return locked(() -> known(new InEnvironment(environmentId, runId)));
    }

    /** Newest first. */
    public List<SessionRunRow> ofSession(SessionKey key) {
        return locked(() -> sessions
                .getOrDefault(new InEnvironment(key.environmentId(), key.chatId()), new TreeSet<>()).stream()
                .map(position -> rows.get(new InEnvironment(key.environmentId(), position.id())))
                .sorted(Comparator.comparingLong(SessionRunRow::generation).reversed()).toList());
    }

    /** The runs that fit, from the cursor on until the page is full. */
    public Page<KnownRun> page(String environmentId, RunFilter filter, Paging<ListPosition> paging) {
        return locked(() -> {
            Collection<NavigableSet<ListPosition>> ranges = candidates(environmentId, filter)
                    .map(list -> SessionIndex.range(list, Long.MIN_VALUE, Long.MAX_VALUE, paging)).toList();
            return Page.of(MergedPositions.of(ranges, paging.backward())
                    .flatMap(position -> known(new InEnvironment(environmentId, position.id())).stream())
                    .filter(run -> filter.matches(RunKind.of(run))), paging);
        });
    }

    /** The lists that a page may have to walk. */
    Stream<NavigableSet<ListPosition>> candidates(String environmentId, RunFilter filter) {
        if (!filter.sessions().isEmpty()) {
            return filter.sessions().stream().map(id -> sessions.get(new InEnvironment(environmentId, id)))
                    .filter(Objects::nonNull);
        }
        return kinds.getOrDefault(environmentId, Map.of()).entrySet().stream()
                .filter(kind -> filter.matches(kind.getKey())).map(Map.Entry::getValue);
    }
}
