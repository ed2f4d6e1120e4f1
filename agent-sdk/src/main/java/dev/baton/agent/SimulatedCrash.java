package dev.baton.agent;

/**
 * Thrown by an agent to die as if its machine had: the thread ends, the server hears nothing of it, the next heartbeat
 * does not name the run. For crash drills.
 */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    public SimulatedCrash(String message) {
        super(message);
    }
}
