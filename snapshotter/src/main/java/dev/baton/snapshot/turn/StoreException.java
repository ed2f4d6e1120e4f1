package dev.baton.snapshot.turn;

/** The object store or the broker did not do what was asked; asking again later may help. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
