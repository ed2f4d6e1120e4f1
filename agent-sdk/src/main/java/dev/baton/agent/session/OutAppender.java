package dev.baton.agent.session;

import java.util.List;

/** Where the ordered sender of a run puts its batches. */
@FunctionalInterface
public interface OutAppender {
    /**
     * Returns when all records are stored, in this order.
     *
     * @return seq of the last one
     * @throws RuntimeException when they cannot be; the run cannot go on then
     */
    long append(List<OutgoingRecord> batch) throws InterruptedException;
}
