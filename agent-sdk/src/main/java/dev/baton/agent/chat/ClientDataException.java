package dev.baton.agent.chat;

/** What the client sent along does not fit the declared type. The message may be shown to it; the cause may not. */
public final class ClientDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClientDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
