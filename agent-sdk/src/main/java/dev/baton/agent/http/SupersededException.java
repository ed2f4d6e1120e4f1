package dev.baton.agent.http;

/**
 * The server answered 409: another run owns the session by now, or it is closed (design D5). The run that gets this
 * ends without a word, whatever it was about to do.
 */
public final class SupersededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SupersededException(String message) {
        super(message);
    }
}
