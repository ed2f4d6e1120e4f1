package dev.baton.snapshot.turn;

import dev.baton.wire.history.Snapshot;

/** Writes snapshot objects under a condition, so that of two writers one notices the other. */
public interface SnapshotWriter {
    /**
     * @param replacedEtag the version to replace, or null when there must be none yet
     * @return false when another version lies there now
     * @throws StoreException when the store does not answer; the write may have happened all the same
     */
    boolean write(String object, Snapshot snapshot, String replacedEtag);
}
