package dev.baton.ingress.command;

/** Nobody has answered a command in time. */
public final class NoReplyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NoReplyException(String message, Throwable cause) {
        super(message, cause);
    }
}
