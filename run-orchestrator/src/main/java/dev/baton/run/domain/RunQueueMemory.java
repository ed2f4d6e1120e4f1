package dev.baton.run.domain;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.baton.run.domain.RunState.Held;
import dev.baton.run.domain.RunState.Queued;

/** A queue in memory. Not thread-safe: the thread of its topology task owns it. */
public final class RunQueueMemory implements MutableRunQueue {
    private final Map<String, RunState> runs = new LinkedHashMap<>();
    private final TreeMap<Long, Queued> queued = new TreeMap<>();
    private final Map<String, Held> held = new LinkedHashMap<>();
    private final Map<String, WorkerPoll> polls = new LinkedHashMap<>();
    private final Map<String, WorkerPulse> pulses = new LinkedHashMap<>();
    private WorkerVersions versions;
    private long nextPosition;

    public RunQueueMemory(WorkerVersions versions) {
        this.versions = versions;
    }

    public RunQueueMemory() {
        this(WorkerVersions.NONE);
    }

    @Override
    public Optional<RunState> run(String runId) {
        return Optional.ofNullable(runs.get(runId));
    }

    @Override
    public Collection<Queued> queued() {
        return Collections.unmodifiableCollection(queued.values());
    }

    @Override
    public Collection<Held> held() {
        return Collections.unmodifiableCollection(held.values());
    }

    @Override
    public Collection<WorkerPoll> polls() {
        return Collections.unmodifiableCollection(polls.values());
    }

    @Override
    public Optional<WorkerPoll> poll(String pollId) {
        return Optional.ofNullable(polls.get(pollId));
    }

    @Override
    public Optional<WorkerPulse> pulse(String workerId) {
        return Optional.ofNullable(pulses.get(workerId));
    }

    @Override
    public Collection<WorkerPulse> pulses() {
        return Collections.unmodifiableCollection(pulses.values());
    }

    @Override
    public WorkerVersions versions() {
        return versions;
    }

    @Override
    public long nextPosition() {
        return nextPosition;
    }

    @Override
    public void putRun(RunState run) {
        removeRun(run.runId());
        runs.put(run.runId(), run);
        switch (run) {
            case Queued waiting -> {
                queued.put(waiting.position(), waiting);
                nextPosition = Math.max(nextPosition, waiting.position() + 1);
            }
            case Held given -> {
                held.put(given.runId(), given);
                nextPosition = Math.max(nextPosition, positionAfter(given));
            }
        }
    }

    /** A dispatched run may come back to its old position, which no other may take meanwhile. */
    private static long positionAfter(Held given) {
        return switch (given) {
            case RunState.Dispatched dispatched -> dispatched.position() + 1;
            case RunState.Leased _ -> 0;
        };
    }

    @Override
    public void removeRun(String runId) {
        RunState before = runs.remove(runId);
        held.remove(runId);
        if (before instanceof Queued waiting) {
            queued.remove(waiting.position());
        }
    }

    @Override
    public void putPoll(WorkerPoll poll) {
        polls.put(poll.pollId(), poll);
    }

    @Override
    public void removePoll(String pollId) {
        polls.remove(pollId);
    }

    @Override
    public void putPulse(WorkerPulse pulse) {
        pulses.put(pulse.workerId(), pulse);
    }

    @Override
    public void removePulse(String workerId) {
        pulses.remove(workerId);
    }

    @Override
    public void putVersions(WorkerVersions changed) {
        versions = changed;
    }

    /** Whether nothing is known but versions. */
    public boolean isIdle() {
        return runs.isEmpty() && polls.isEmpty() && pulses.isEmpty();
    }

    /** Everything durable, for comparison after a restart. */
    public List<RunState> runs() {
        return List.copyOf(runs.values());
    }
}
