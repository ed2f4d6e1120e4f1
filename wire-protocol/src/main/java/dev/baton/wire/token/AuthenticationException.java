package dev.baton.wire.token;

/** A bearer that is not a credential. The message is the text of the 401 answer (contract §0.6). */
public final class AuthenticationException extends Exception {
    private static final long serialVersionUID = 1L;

    public AuthenticationException(String message) {
        super(message);
    }
}
