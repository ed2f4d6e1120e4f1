package dev.baton.snapshot.turn;

/** Reads snapshot objects. Names are those of {@code Names.snapshotObject}. */
public interface SnapshotReader {
    /** @throws StoreException when the store does not answer */
    StoredObject read(String object);
}
