package dev.baton.run.domain;

import java.util.Collection;
import java.util.Optional;

import dev.baton.run.domain.RunState.Held;
import dev.baton.run.domain.RunState.Queued;

/** All that is known of one queue, a task of an environment: what decisions read. */
public interface RunQueue {
    Optional<RunState> run(String runId);

    /** By position: first come, first served. */
    Collection<Queued> queued();

    Collection<Held> held();

    /** Oldest first, spent ones included. */
    Collection<WorkerPoll> polls();

    Optional<WorkerPoll> poll(String pollId);

    Optional<WorkerPulse> pulse(String workerId);

    Collection<WorkerPulse> pulses();

    WorkerVersions versions();

    /** Higher than the position of every queued run. */
    long nextPosition();
}
