package dev.baton.ingress.snapshot;

/** The object store does not say whether there is a snapshot. */
public final class SnapshotUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SnapshotUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
