package dev.baton.ingress.log;

/** The log cannot be read or written now; the request may be tried again. */
public final class LogUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LogUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
