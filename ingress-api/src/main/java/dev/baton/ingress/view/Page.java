package dev.baton.ingress.view;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Some neighbouring rows of a list.
 *
 * @param rows in the order of the list, whichever way they were collected
 * @param next whether rows follow
 * @param previous whether rows come before
 */
public record Page<T>(List<T> rows, boolean next, boolean previous) {
    public Page {
        rows = List.copyOf(rows);
    }

    /**
     * Takes one row more than wanted, to see whether there is more. The place that was paged from was itself a row, so
     * on its side there is something without looking.
     *
     * @param onwards the rows from the place on, in the direction of travel; no more of them are drawn than needed
     */
    public static <T> Page<T> of(Stream<T> onwards, Paging<?> paging) {
        List<T> taken = onwards.limit(paging.size() + 1L).toList();
        boolean more = taken.size() > paging.size();
        List<T> rows = more ? taken.subList(0, paging.size()) : taken;
        return paging.backward()
                ? new Page<>(rows.reversed(), !rows.isEmpty(), more)
                : new Page<>(rows, more, paging.after() != null && !rows.isEmpty());
    }

    /** The same rows in another form. */
    public <R> Page<R> map(Function<T, R> form) {
        return new Page<>(rows.stream().map(form).toList(), next, previous);
    }
}
