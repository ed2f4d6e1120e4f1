package dev.baton.snapshot.turn;

/** Removes snapshot objects, whoever wrote them. */
public interface SnapshotRemover {
    /**
     * No object under this name is a success.
     *
     * @throws StoreException when the store does not answer; the removal may have happened all the same
     */
    void remove(String object);
}
