package dev.baton.agent;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.baton.agent.session.Session;
import dev.baton.wire.worker.DequeuedRun;

/** A run as the agent's code gets it: what it was started with, its session, and the wish that it ends soon. */
public final class AgentRun {
    private final DequeuedRun assignment;
    private final Session session;
    private final List<Runnable> onDrain = new CopyOnWriteArrayList<>();
    private final List<Runnable> onWaiting = new CopyOnWriteArrayList<>();
    private volatile boolean draining;
    private volatile boolean waiting;

    public AgentRun(DequeuedRun assignment, Session session) {
        this.assignment = assignment;
        this.session = session;
    }

    public DequeuedRun assignment() {
        return assignment;
    }

    public Session session() {
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

    /**
     * Says whether the run does nothing but wait for its session. What waits takes no place of a limit, and the time does
     * not count towards {@code maxDuration}; heartbeats report it.
     */
    public void waiting(boolean nothingToDo) {
        waiting = nothingToDo;
        if (nothingToDo) {
            onWaiting.forEach(Runnable::run);
        }
    }

    /** Whether it said so last. */
    public boolean waiting() {
        return waiting;
    }

    /** Calls this each time the run begins to wait, by the thread of the run. */
    public void onWaiting(Runnable reaction) {
        onWaiting.add(reaction);
    }

    /** Asks the run to end at the next turn boundary. */
    public void drain() {
        draining = true;
        onDrain.forEach(Runnable::run);
    }
}
