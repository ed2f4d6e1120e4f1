package dev.baton.ingress.view;

/**
 * Which page of a list is wanted: the rows that follow a place, or those that come before it.
 *
 * @param <P> a place in the list; those of an earlier row are smaller
 * @param size rows of the page at most
 * @param after null unless the page begins behind this place
 * @param before null unless the page ends in front of this place
 */
public record Paging<P>(int size, P after, P before) {
    public Paging {
        if (size < 1 || after != null && before != null) {
            throw new IllegalArgumentException("expected a page size of 1 or more and one place at most, but size was "
                    + size + " and there were two places: " + (after != null && before != null));
        }
    }

    /** Whether rows are collected from {@link #before} towards the begin of the list. */
    public boolean backward() {
        return before != null;
    }
}
