package dev.baton.agent;

/** The code that a worker runs, one call per run, each on a virtual thread of its own. */
@FunctionalInterface
public interface Agent {
    /**
     * Serves the session until the run should end.
     *
     * @throws InterruptedException when the run is cancelled: let it pass
     * @throws RuntimeException when the run fails
     */
    RunEnd run(AgentRun run) throws InterruptedException;
}
