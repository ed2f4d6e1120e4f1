package dev.baton.ingress.view;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

import dev.baton.wire.session.SessionRow;

/**
 * Lists of sessions in the order in which they are answered: all of an environment, those of each of its tasks, those
 * with each tag. A page begins at its cursor and draws no more rows than it needs. Safe for all threads; while a row is
 * being replaced a list may show it or not, but never lose a row that stays.
 */
final class SessionIndex {
    private enum Kind {
        ALL,
        TASK,
        TAG
    }

    private record ListName(String environmentId, Kind kind, String value) {}

    private record Entry(ListName list, ListPosition position) {}

    private final Map<ListName, NavigableSet<ListPosition>> lists = new ConcurrentHashMap<>();

    /** Calls for one session must not overlap. @param before null when it is new @param after null when it is gone */
    void replace(SessionRow before, SessionRow after) {
        Set<Entry> old = entries(before);
        Set<Entry> current = entries(after);
        current.stream().filter(entry -> !old.contains(entry)).forEach(this::add);
        old.stream().filter(entry -> !current.contains(entry)).forEach(this::remove);
    }

    private static Set<Entry> entries(SessionRow row) {
        if (row == null) {
            return Set.of();
        }
        ListPosition position = ListPosition.of(row);
        Set<Entry> entries = new HashSet<>();
        entries.add(new Entry(new ListName(row.environmentId(), Kind.ALL, ""), position));
        entries.add(new Entry(new ListName(row.environmentId(), Kind.TASK, row.taskIdentifier()), position));
        if (row.tags() != null) {
            row.tags().forEach(tag -> entries.add(new Entry(new ListName(row.environmentId(), Kind.TAG, tag),
                    position)));
        }
        return entries;
    }

    private void add(Entry entry) {
        lists.compute(entry.list(), (_, held) -> {
            NavigableSet<ListPosition> list = held == null ? new ConcurrentSkipListSet<>() : held;
            list.add(entry.position());
            return list;
        });
    }

    private void remove(Entry entry) {
        lists.computeIfPresent(entry.list(), (_, list) -> {
            list.remove(entry.position());
            return list.isEmpty() ? null : list;
        });
    }

    /** The positions that may fit, in the direction of the page and each once, from the narrowest lists there are. */
    Stream<ListPosition> walk(String environmentId, SessionFilter filter, Paging<ListPosition> paging) {
        List<NavigableSet<ListPosition>> ranges = names(environmentId, filter).map(lists::get)
                .filter(Objects::nonNull).map(list -> range(list, filter, paging)).toList();
        return MergedPositions.of(ranges, paging.backward());
    }

    private static Stream<ListName> names(String environmentId, SessionFilter filter) {
        if (!filter.tags().isEmpty()) {
            return filter.tags().stream().map(tag -> new ListName(environmentId, Kind.TAG, tag));
        }
        if (!filter.taskIdentifiers().isEmpty()) {
            return filter.taskIdentifiers().stream().map(task -> new ListName(environmentId, Kind.TASK, task));
        }
        return Stream.of(new ListName(environmentId, Kind.ALL, ""));
    }

    /** The part of a list that the times of the filter and the cursor leave, in the direction of the page. */
    static NavigableSet<ListPosition> range(NavigableSet<ListPosition> list, SessionFilter filter,
            Paging<ListPosition> paging) {
        return range(list, filter.createdFrom(), filter.createdTo(), paging);
    }

    static NavigableSet<ListPosition> range(NavigableSet<ListPosition> list, long from, long to,
            Paging<ListPosition> paging) {
        ListPosition first = ListPosition.before(to);
        ListPosition last = ListPosition.behind(from);
        if (paging.after() != null && paging.after().compareTo(first) > 0) {
            first = paging.after();
        }
        if (paging.before() != null && paging.before().compareTo(last) < 0) {
            last = paging.before();
        }
        if (first.compareTo(last) > 0) {
            return new ConcurrentSkipListSet<>();
        }
        NavigableSet<ListPosition> range = list.subSet(first, false, last, false);
        return paging.backward() ? range.descendingSet() : range;
    }
}
