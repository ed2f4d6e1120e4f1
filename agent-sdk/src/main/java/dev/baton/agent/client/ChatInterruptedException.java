package dev.baton.agent.client;

/** The stream of an answer ended, again and again, and the turn was not over. {@link AgentChat#reconnect} goes on with it. */
public final class ChatInterruptedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChatInterruptedException(String message, Throwable cause) {
        super(message, cause);
    }
}
