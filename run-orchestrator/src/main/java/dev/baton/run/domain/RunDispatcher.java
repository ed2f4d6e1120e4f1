package dev.baton.run.domain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.baton.run.domain.RunEffect.TellGateway;
import dev.baton.run.domain.RunState.Dispatched;
import dev.baton.run.domain.RunState.Queued;

/**
 * Brings due runs and free polls together. Runs first come, first served; a run that is pinned to a version goes to that
 * version only, any other one to the newest version that has a poll (design D8); among equals the oldest poll wins.
 *
 * <p>A poll gets all its runs in one decision and is spent then: its answer is on the way. The worker comes back with
 * what slots it has left.
 */
public final class RunDispatcher {
    private final RunLimits limits;

    public RunDispatcher(RunLimits limits) {
        this.limits = limits;
    }

    public Decision dispatch(RunQueue queue, long nowMs) {
        Decision.Draft draft = new Decision.Draft();
        if (queue.queued().isEmpty()) {
            return draft.done();
        }
        for (FreePoll free : match(queue, nowMs)) {
            if (free.runs.isEmpty()) {
                continue;
            }
            draft.event(new QueueEvent.PollSpent(free.poll.asSpent()));
            for (Queued run : free.runs) {
                Dispatched dispatched = run.dispatchedTo(free.poll, nowMs);
                draft.event(new QueueEvent.RunDispatched(dispatched));
                draft.effect(new TellGateway(free.poll.gatewayId(), new RunAssignment.AssignRun(free.poll.pollId(),
                        dispatched.dispatch(), free.runs.size(), run.attempt(), run.request())));
            }
        }
        return draft.done();
    }

    private List<FreePoll> match(RunQueue queue, long nowMs) {
        // Newest version first and within it oldest poll first: the sort keeps the order of equals.
        List<FreePoll> free = queue.polls().stream().filter(poll -> !poll.spent() && !poll.staleAt(nowMs, limits))
                .map(FreePoll::new).sorted(Comparator.comparingInt(each -> -queue.versionRank(each.poll.version())))
                .toList();
        int slots = free.stream().mapToInt(each -> each.poll.slots()).sum();
        for (Queued run : queue.queued()) {
            if (slots == 0) {
                break;
            }
            Optional<FreePoll> taker = run.dueAt(nowMs) ? taker(free, run.pinnedVersion()) : Optional.empty();
            if (taker.isPresent()) {
                taker.get().runs.add(run);
                slots--;
            }
        }
        return free;
    }

    private static Optional<FreePoll> taker(List<FreePoll> free, String pinnedVersion) {
        return free.stream().filter(FreePoll::hasSlot)
                .filter(each -> pinnedVersion == null || pinnedVersion.equals(each.poll.version())).findFirst();
    }

    /** A poll and what it gets. */
    private static final class FreePoll {
        private final WorkerPoll poll;
        private final List<Queued> runs = new ArrayList<>();

        private FreePoll(WorkerPoll poll) {
            this.poll = poll;
        }

        private boolean hasSlot() {
            return runs.size() < poll.slots();
        }
    }
}
