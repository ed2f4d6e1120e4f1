package dev.baton.system.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import dev.baton.snapshot.turn.SnapshotReader;
import dev.baton.snapshot.turn.SnapshotWriter;
import dev.baton.snapshot.turn.StoreException;
import dev.baton.snapshot.turn.StoredObject;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.session.SessionKey;

/**
 * The object store: snapshots with their versions, and what agents keep of their own chats. Whoever reads may be so slow
 * that somebody else writes before it does; then it holds an older version. Invariant: a snapshot never goes back.
 */
final class Shelf implements SnapshotReader, SnapshotWriter {
    private static final int OWN_ONE_IN = 2;

    private final World world;
    private final Expect expect;
    private final Map<String, Versions> objects = new HashMap<>();
    private final Map<SessionKey, Conversation> kept = new HashMap<>();
    private int versions;

    private record Versions(StoredObject newest, StoredObject before) {}

    Shelf(World world) {
        this.world = world;
        this.expect = new Expect(world);
    }

    /** Agents of every other chat keep its history. */
    private static boolean ofAgent(SessionKey key) {
        return key.toString().hashCode() % OWN_ONE_IN == 0;
    }

    /** @return whether it is kept: the snapshotter does it for the other chats */
    boolean keep(SessionKey key, Conversation history) {
        if (ofAgent(key)) {
            kept.computeIfAbsent(key, _ -> new Conversation()).add(history);
        }
        return ofAgent(key);
    }

    Conversation kept(SessionKey key) {
        return kept.getOrDefault(key, new Conversation());
    }

    @Override
    public StoredObject read(String object) {
        if (world.weather().fails()) {
            throw new StoreException("the store does not answer", null);
        }
        Versions found = objects.get(object);
        if (found == null) {
            return new StoredObject.Absent();
        }
        return world.weather().fails() ? found.before() : found.newest();
    }

    @Override
    public boolean write(String object, Snapshot snapshot, String replacedEtag) {
        Versions found = objects.get(object);
        StoredObject newest = found == null ? new StoredObject.Absent() : found.newest();
        if (!Objects.equals(etag(newest), replacedEtag)) {
            return false;
        }
        if (newest instanceof StoredObject.Written written) {
            Snapshot before = written.snapshot();
            expect.that(snapshot.lastOutSeq() > before.lastOutSeq() && snapshot.lastInSeq() >= before.lastInSeq(),
                    "%s not to go back, but after %d and %d of .out and .in came %d and %d", object,
                    before.lastOutSeq(), before.lastInSeq(), snapshot.lastOutSeq(), snapshot.lastInSeq());
        }
        objects.put(object, new Versions(new StoredObject.Written(snapshot, "v" + versions++), newest));
        if (world.weather().fails()) {
            throw new StoreException("the answer of the store is lost", null);
        }
        return true;
    }

    private static String etag(StoredObject object) {
        return object instanceof StoredObject.Written written ? written.etag() : null;
    }
}
