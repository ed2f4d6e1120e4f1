package dev.baton.snapshot.turn;

import java.util.HashMap;
import java.util.Map;

import dev.baton.wire.history.Snapshot;

/** An object store in memory, with versions and one fault at a time. */
final class MemoryStore implements SnapshotReader, SnapshotWriter {
    final Map<String, StoredObject> objects = new HashMap<>();
    int writes;
    /** Runs once before the next write: another writer between our read and our write. */
    Runnable beforeNextWrite = () -> {};
    boolean down;
    private int versions;

    @Override
    public StoredObject read(String object) {
        if (down) {
            throw new StoreException("down", null);
        }
        return objects.getOrDefault(object, new StoredObject.Absent());
    }

    @Override
    public boolean write(String object, Snapshot snapshot, String replacedEtag) {
        if (down) {
            throw new StoreException("down", null);
        }
        Runnable intruder = beforeNextWrite;
        beforeNextWrite = () -> {};
        intruder.run();
        String present = switch (objects.get(object)) {
            case StoredObject.Written written -> written.etag();
            case StoredObject.Damaged damaged -> damaged.etag();
            case StoredObject.AgentOwned _ -> "agent";
            case StoredObject.Absent _ -> null;
            case null -> null;
        };
        if (present == null ? replacedEtag != null : !present.equals(replacedEtag)) {
            return false;
        }
        put(object, snapshot);
        writes++;
        return true;
    }

    void put(String object, Snapshot snapshot) {
        // Through bytes, so that what cannot be stored shows.
        objects.put(object, new StoredObject.Written(Snapshot.read(snapshot.bytes()).orElseThrow(), "v" + ++versions));
    }
}
