package dev.baton.agent.http;

/** The server gave no useful answer for as long as the caller was willing to try. */
public final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
