package dev.baton.agent.client;

/** The session is closed: it takes nothing any more. What was said stays readable; another id begins anew. */
public final class SessionClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SessionClosedException(String session, String reason) {
        super("expected an open session, but " + session + " is closed" + (reason.isEmpty() ? "" : ": " + reason));
    }
}
