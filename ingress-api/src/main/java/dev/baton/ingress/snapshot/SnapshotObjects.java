package dev.baton.ingress.snapshot;

import java.util.Optional;

import dev.baton.wire.token.Environment;

/** Reads stored history, whoever wrote it. */
public interface SnapshotObjects {
    /**
     * The bytes of a session's snapshot, empty when there is none.
     *
     * @param sessionId friendly id
     * @throws SnapshotUnavailableException when the store does not answer
     */
    Optional<byte[]> read(Environment environment, String sessionId) throws InterruptedException;
}
