package dev.baton.run.gateway;

import java.util.List;

import dev.baton.run.domain.RunAssignment.AssignRun;
import dev.baton.wire.worker.DequeuedRun;

/**
 * The answer to a poll.
 *
 * @param runs what the worker gets
 * @param assignments what goes back to the queue if the worker cannot be reached
 */
public record HandOver(List<DequeuedRun> runs, List<AssignRun> assignments) {
    static final HandOver NOTHING = new HandOver(List.of(), List.of());
}
