package dev.baton.run.domain;

import java.util.Set;

import dev.baton.run.domain.RunEffect.TellGateway;
import dev.baton.run.domain.RunReport.VersionPromoted;
import dev.baton.run.domain.RunReport.WorkerBeat;
import dev.baton.run.domain.RunReport.WorkerRegistered;

/**
 * Judges which version of a task is current (design D8, decision 0013): the one that came last, unless it says that it
 * waits to be promoted, and from then on the one that an operator names.
 */
final class VersionDecider {
    private VersionDecider() {}

    static void register(RunQueue queue, WorkerRegistered worker, long nowMs, Decision.Draft draft) {
        WorkerVersions versions = queue.versions();
        boolean isNew = !versions.knows(worker.version());
        boolean becomesCurrent = isNew && (worker.promote() || versions.current() == null);
        if (becomesCurrent) {
            draft.event(new QueueEvent.VersionPromoted(worker.version()));
        } else if (isNew) {
            draft.event(new QueueEvent.VersionSeen(worker.version()));
        }
        // Limits belong to the code that runs: an old worker that starts again must not bring its own back.
        boolean speaksForTheTask = becomesCurrent || versions.isCurrent(worker.version());
        if (speaksForTheTask && worker.limits() != null && !worker.limits().equals(versions.limits())) {
            draft.event(new QueueEvent.LimitsSet(worker.limits()));
        }
        draft.event(new QueueEvent.WorkerHeard(new WorkerPulse(worker.workerId(), worker.gatewayId(), nowMs, Set.of(),
                worker.capacity())));
    }

    static void promote(RunQueue queue, VersionPromoted promoted, Decision.Draft draft) {
        if (!queue.versions().isCurrent(promoted.version())) {
            draft.event(new QueueEvent.VersionPromoted(promoted.version()));
        }
    }

    /** Said again at every heartbeat, so that it needs no memory and ends with the next promotion. */
    static void tellToDrain(RunQueue queue, WorkerBeat beat, Decision.Draft draft) {
        WorkerVersions versions = queue.versions();
        if (versions.knows(beat.version()) && !versions.isCurrent(beat.version())) {
            draft.effect(new TellGateway(beat.gatewayId(), new RunAssignment.DrainWorker(beat.workerId())));
        }
    }
}
