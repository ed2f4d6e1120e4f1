package dev.baton.run;

import java.util.Map;
import java.util.TreeMap;

import dev.baton.run.domain.Decision;
import dev.baton.run.domain.RunDecider;
import dev.baton.run.domain.RunDispatcher;
import dev.baton.run.domain.RunEvolver;
import dev.baton.run.domain.RunInput;
import dev.baton.run.domain.RunLimits;
import dev.baton.run.domain.RunQueueMemory;
import dev.baton.run.domain.WorkerVersions;

/** The rules of one queue without a topology and without stores: what the stores must hold after the same inputs. */
final class QueueInMemory {
    private final String key;
    private final RunDecider decider;
    private final RunDispatcher dispatcher;
    private final RunQueueMemory queue = new RunQueueMemory();
    private long watchingSinceMs;

    QueueInMemory(String key, RunLimits limits, long startMs) {
        this.key = key;
        this.decider = new RunDecider(limits);
        this.dispatcher = new RunDispatcher(limits);
        this.watchingSinceMs = startMs;
    }

    void input(RunInput input, long nowMs) {
        perform(decider.decide(queue, input, nowMs));
        perform(dispatcher.dispatch(queue, nowMs));
    }

    private void perform(Decision decision) {
        decision.events().forEach(event -> RunEvolver.evolve(queue, event));
    }

    void ticks(long nowMs) {
        input(new RunInput.Tick(watchingSinceMs), nowMs);
    }

    /** Nobody could be heard until now. */
    void stalls(long nowMs) {
        watchingSinceMs = nowMs;
        ticks(nowMs);
    }

    /** As the stores have it: by name of the store, then by key. */
    Map<String, Map<String, Object>> stores() {
        Map<String, Object> runs = new TreeMap<>();
        queue.runs().forEach(run -> runs.put(key + "/" + run.runId(), run));
        Map<String, Object> versions = queue.versions().equals(WorkerVersions.NONE)
                ? Map.of()
                : Map.of(key, queue.versions());
        return new TreeMap<>(Map.of(RunTopology.RUNS_STORE, runs, RunTopology.VERSIONS_STORE, versions));
    }
}
