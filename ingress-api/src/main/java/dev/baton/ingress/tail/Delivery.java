package dev.baton.ingress.tail;

import java.util.List;

/** What a reader gets when it asks for more. Every {@code tail} is null while it is not known. */
public sealed interface Delivery {
    /** At least one record, in order. */
    record Records(List<TailEntry> entries, TailPosition tail) implements Delivery {}

    /**
     * Nothing came within the time given.
     *
     * @param caughtUp false while older records are still being looked for
     */
    record Silence(boolean caughtUp, TailPosition tail) implements Delivery {}

    /** A reader that does not wait has everything there was. */
    record Finished() implements Delivery {}

    /** This reader gets no more; it may come back with its cursor. */
    record Broken(String reason) implements Delivery {}
}
