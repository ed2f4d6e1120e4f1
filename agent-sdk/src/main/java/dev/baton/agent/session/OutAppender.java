package dev.baton.agent.session;

import java.util.List;

/** Where the ordered sender of a run puts its batches. */
@FunctionalInterface
public interface OutAppender {
    /**
     * Returns when all records are stored, in this order.
     *
     * @throws RuntimeException when they cannot be; the run cannot go on then
     */
    void append(List<OutgoingRecord> batch) throws InterruptedException;
}
