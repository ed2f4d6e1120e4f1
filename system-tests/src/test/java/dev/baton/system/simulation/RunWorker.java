package dev.baton.system.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A worker process: takes runs, keeps their leases, stops those it is told to stop. */
final class RunWorker extends SimulatedProcess {
    private static final long WAIT_MS = 4_000;
    private static final long WAIT_SLACK_MS = 2_000;
    private static final long HEARTBEAT_MS = Landscape.LEASE_TTL_MS / 3;
    private static final long RETRY_MS = 200;
    private static final int SLOTS = 2;

    private final Landscape landscape;
    private final String version;
    private final Map<String, AgentRun> runs = new LinkedHashMap<>();
    private String workerId;

    RunWorker(World world, Landscape landscape, String name, String version) {
        super(world, name, 0);
        this.landscape = landscape;
        this.version = version;
    }

    @Override
    protected void gone() {
        runs.values().forEach(AgentRun::close);
    }

    @Override
    protected void begin() {
        runs.clear();
        workerId = name() + '.' + life();
        dequeue();
        after(HEARTBEAT_MS, this::heartbeat);
    }

    String workerId() {
        return workerId;
    }

    Landscape landscape() {
        return landscape;
    }

    private void dequeue() {
        int free = SLOTS - runs.size();
        if (free <= 0) {
            after(RETRY_MS, this::dequeue);
            return;
        }
        Gateway gateway = landscape.anyGateway();
        world.network().<List<Gateway.HandedRun>>call(this, gateway, WAIT_MS + WAIT_SLACK_MS,
                answer -> gateway.dequeue(this, workerId, version, free, WAIT_MS, answer), handed -> {
                    if (handed != null) {
                        handed.forEach(this::take);
                    }
                    after(handed == null ? RETRY_MS : 1, this::dequeue);
                });
    }

    private void take(Gateway.HandedRun handed) {
        AgentRun run = new AgentRun(world, this, handed);
        AgentRun before = runs.put(handed.request().runId(), run);
        if (before != null) {
            // Handed over twice: only one of the two may say how the run ends.
            before.vanish();
        }
        run.begin();
    }

    private void heartbeat() {
        after(HEARTBEAT_MS, this::heartbeat);
        Gateway gateway = landscape.anyGateway();
        List<String> named = List.copyOf(runs.keySet());
        world.network().<List<String>>call(this, gateway, HEARTBEAT_MS,
                answer -> gateway.heartbeat(workerId, version, named, answer), stopped -> {
                    if (stopped != null) {
                        stopped.forEach(this::stop);
                    }
                });
    }

    private void stop(String runId) {
        AgentRun run = runs.get(runId);
        if (run != null) {
            world.note("%s is told to stop %s", workerId, runId);
            run.cancel();
        }
    }

    /** The run is over here, whatever others think. */
    void release(AgentRun run) {
        runs.remove(run.runId(), run);
    }

    void healRuns() {
        List.copyOf(runs.values()).forEach(AgentRun::heal);
    }
}
