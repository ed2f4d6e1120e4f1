package dev.baton.ingress.tail;

/**
 * The end of a session's channel as far as this ingress knows it.
 *
 * @param seqNum seq of the last visible record + 1
 * @param timestampMs of that record
 */
public record TailPosition(long seqNum, long timestampMs) {
    static TailPosition after(TailEntry entry) {
        return new TailPosition(entry.seq() + 1, entry.timestampMs());
    }
}
