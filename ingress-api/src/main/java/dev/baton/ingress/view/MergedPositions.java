package dev.baton.ingress.view;

import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Several ordered lists as one: a position that is in more than one of them comes once. One thread uses it. */
final class MergedPositions implements Iterator<ListPosition> {
    /** What is left of one list. */
    private record Rest(ListPosition head, Iterator<ListPosition> tail) {}

    private final PriorityQueue<Rest> rests;

    private MergedPositions(Collection<NavigableSet<ListPosition>> lists, boolean backward) {
        Comparator<ListPosition> order = backward ? Comparator.reverseOrder() : Comparator.naturalOrder();
        rests = new PriorityQueue<>(Comparator.comparing(Rest::head, order));
        lists.forEach(list -> push(list.iterator()));
    }

    /** @param backward whether the lists are given from their ends to their begins */
    static Stream<ListPosition> of(Collection<NavigableSet<ListPosition>> lists, boolean backward) {
        Iterator<ListPosition> merged = new MergedPositions(lists, backward);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(merged, Spliterator.ORDERED), false);
    }

    private void push(Iterator<ListPosition> list) {
        if (list.hasNext()) {
            rests.add(new Rest(list.next(), list));
        }
    }

    @Override
    public boolean hasNext() {
        return !rests.isEmpty();
    }

    @Override
    public ListPosition next() {
        if (rests.isEmpty()) {
            throw new NoSuchElementException("expected a position, but all lists are used up");
        }
        ListPosition head = rests.peek().head();
        while (!rests.isEmpty() && rests.peek().head().equals(head)) {
            push(rests.remove().tail());
        }
        return head;
    }
}
