package dev.baton.run.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

import dev.baton.run.domain.MutableRunQueue;
import dev.baton.run.domain.RunQueueMemory;
import dev.baton.run.domain.RunState;
import dev.baton.run.domain.RunState.Held;
import dev.baton.run.domain.RunState.Queued;
import dev.baton.run.domain.WorkerPoll;
import dev.baton.run.domain.WorkerPulse;
import dev.baton.run.domain.WorkerVersions;

/**
 * A queue whose runs and versions are written through to the task's stores; polls and heartbeats live in memory only,
 * since gateways repeat them. Owned by the stream thread of its task.
 *
 * <p>If we die between two writes of a decision, the transaction is aborted and the stores are what they were before it.
 */
public final class DurableRunQueue implements MutableRunQueue {
    private final String queueKey;
    private final RunQueueMemory memory;
    private final KeyValueStore<String, RunState> runs;
    private final KeyValueStore<String, WorkerVersions> versions;

    private DurableRunQueue(String queueKey, KeyValueStore<String, RunState> runs,
            KeyValueStore<String, WorkerVersions> versions) {
        this.queueKey = queueKey;
        this.runs = runs;
        this.versions = versions;
        WorkerVersions stored = versions.get(queueKey);
        this.memory = new RunQueueMemory(stored == null ? WorkerVersions.NONE : stored);
    }

    public static DurableRunQueue empty(String queueKey, KeyValueStore<String, RunState> runs,
            KeyValueStore<String, WorkerVersions> versions) {
        return new DurableRunQueue(queueKey, runs, versions);
    }

    /** All queues of a task that have runs, by queue key. */
    public static Map<String, DurableRunQueue> load(KeyValueStore<String, RunState> runs,
            KeyValueStore<String, WorkerVersions> versions) {
        Map<String, DurableRunQueue> queues = new HashMap<>();
        try (KeyValueIterator<String, RunState> stored = runs.all()) {
            while (stored.hasNext()) {
                KeyValue<String, RunState> entry = stored.next();
                String queueKey = RunStoreKey.queueKeyOf(entry.key);
                queues.computeIfAbsent(queueKey, key -> empty(key, runs, versions)).memory.putRun(entry.value);
            }
        }
        return queues;
    }

    /** Whether there is nothing to keep in memory: what the stores hold of it is read again when it is needed. */
    public boolean isIdle() {
        return memory.isIdle();
    }

    @Override
    public Optional<RunState> run(String runId) {
        return memory.run(runId);
    }

    @Override
    public Collection<Queued> queued() {
        return memory.queued();
    }

    @Override
    public Collection<Held> held() {
        return memory.held();
    }

    @Override
    public Collection<WorkerPoll> polls() {
        return memory.polls();
    }

    @Override
    public Optional<WorkerPoll> poll(String pollId) {
        return memory.poll(pollId);
    }

    @Override
    public Optional<WorkerPulse> pulse(String workerId) {
        return memory.pulse(workerId);
    }

    @Override
    public Collection<WorkerPulse> pulses() {
        return memory.pulses();
    }

    @Override
    public WorkerVersions versions() {
        return memory.versions();
    }

    @Override
    public long nextPosition() {
        return memory.nextPosition();
    }

    @Override
    public void putRun(RunState run) {
        runs.put(RunStoreKey.of(queueKey, run.runId()), run);
        memory.putRun(run);
    }

    @Override
    public void removeRun(String runId) {
        runs.delete(RunStoreKey.of(queueKey, runId));
        memory.removeRun(runId);
    }

    @Override
    public void putPoll(WorkerPoll poll) {
        memory.putPoll(poll);
    }

    @Override
    public void removePoll(String pollId) {
        memory.removePoll(pollId);
    }

    @Override
    public void putPulse(WorkerPulse pulse) {
        memory.putPulse(pulse);
    }

    @Override
    public void removePulse(String workerId) {
        memory.removePulse(workerId);
    }

    @Override
    public void putVersions(WorkerVersions changed) {
        versions.put(queueKey, changed);
        memory.putVersions(changed);
    }
}
