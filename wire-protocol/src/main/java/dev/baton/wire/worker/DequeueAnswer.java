package dev.baton.wire.worker;

import java.util.List;

/** Answer to a dequeue: no runs when the wait ran out. */
public record DequeueAnswer(List<DequeuedRun> runs) {}
