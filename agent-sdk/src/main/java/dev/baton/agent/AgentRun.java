package dev.baton.agent;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.baton.agent.session.SessionClient;
import dev.baton.wire.worker.DequeuedRun;

/** A run as the agent's code gets it: what it was started with, its session, and the wish that it ends soon. */
public final class AgentRun {
    private final DequeuedRun assignment;
    private final SessionClient session;
    private final List<Runnable> onDrain = new CopyOnWriteArrayList<>();
    private volatile boolean draining;

    public AgentRun(DequeuedRun assignment, SessionClient session) {
        this.assignment = assignment;
        this.session = session;
    }

    public DequeuedRun assignment() {
        return assignment;
    }

    public SessionClient session() {
        return session;
    }

    /** Whether the run should end at the next turn boundary because its worker stops. */
    public boolean draining() {
        return draining;
    }

    /** Calls this when the worker stops, at once if it already does. Called by another thread, possibly twice. */
    public void onDrain(Runnable reaction) {
        onDrain.add(reaction);
        if (draining) {
            reaction.run();
        }
    }

    void drain() {
        draining = true;
        onDrain.forEach(Runnable::run);
    }
}
