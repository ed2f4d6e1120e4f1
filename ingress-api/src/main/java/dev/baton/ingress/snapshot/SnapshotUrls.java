package dev.baton.ingress.snapshot;

import dev.baton.wire.token.Environment;

/** URLs with which a client reads or writes the snapshot of one session without any other credential (contract §1.8). */
public interface SnapshotUrls {
    /** @param sessionId friendly id */
    String readUrl(Environment environment, String sessionId);

    /** @param sessionId friendly id */
    String writeUrl(Environment environment, String sessionId);
}
