package dev.baton.agent.http;

/** The server understood the call and refused it (4xx); to repeat it would change nothing. */
public final class CallRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public CallRefusedException(String message, int status) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
