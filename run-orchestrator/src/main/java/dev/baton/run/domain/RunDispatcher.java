package dev.baton.run.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.baton.run.domain.RunEffect.TellGateway;
import dev.baton.run.domain.RunState.Dispatched;
import dev.baton.run.domain.RunState.Queued;

/**
 * Brings due runs and free polls together. Runs first come, first served; one that its limits hold back, or that has no
 * worker of its version, lets others pass. A run that is pinned to a version goes to that version only, any other one to
 * the current version only (design D8); among polls the oldest wins.
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
        Map<String, Integer> held = new HashMap<>();
        queue.held().forEach(run -> held.merge(run.workerId(), 1, Integer::sum));
        List<FreePoll> free = queue.polls().stream().filter(poll -> !poll.spent() && !poll.staleAt(nowMs, limits))
                .map(poll -> new FreePoll(poll, slots(queue, poll, held))).toList();
        int slots = free.stream().mapToInt(each -> each.slots).sum();
        LimitCounter counter = new LimitCounter(queue);
        for (Queued run : queue.queued()) {
            if (slots == 0) {
                break;
            }
            boolean ready = run.dueAt(nowMs) && !run.expiredAt(nowMs) && counter.allows(run.request());
            Optional<FreePoll> taker = ready ? taker(free, wantedVersion(queue, run)) : Optional.empty();
            if (taker.isPresent()) {
                taker.get().runs.add(run);
                counter.use(run.request());
                slots--;
            }
        }
        return free;
    }

    /** The poll says what is free now; a capacity that the worker registered is a second bound. */
    private static int slots(RunQueue queue, WorkerPoll poll, Map<String, Integer> held) {
        int capacity = queue.pulse(poll.workerId()).map(WorkerPulse::capacity).orElse(0);
        int left = capacity - held.getOrDefault(poll.workerId(), 0);
        return capacity == 0 ? poll.slots() : Math.clamp(left, 0, poll.slots());
    }

    private static String wantedVersion(RunQueue queue, Queued run) {
        return run.pinnedVersion() == null ? queue.versions().current() : run.pinnedVersion();
    }

    private static Optional<FreePoll> taker(List<FreePoll> free, String version) {
        return free.stream().filter(FreePoll::hasSlot).filter(each -> each.poll.version().equals(version))
                .findFirst();
    }

    /** A poll and what it gets. */
    private static final class FreePoll {
        private final WorkerPoll poll;
        private final int slots;
        private final List<Queued> runs = new ArrayList<>();

        private FreePoll(WorkerPoll poll, int slots) {
            this.poll = poll;
            this.slots = slots;
        }

        private boolean hasSlot() {
            return runs.size() < slots;
        }
    }
}
