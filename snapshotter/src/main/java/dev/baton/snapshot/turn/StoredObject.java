package dev.baton.snapshot.turn;

import dev.baton.wire.history.Snapshot;

/** What lies under the name of a session's snapshot. */
public sealed interface StoredObject {
    record Absent() implements StoredObject {}

    /** Ours and readable. {@code etag} names this very version. */
    record Written(Snapshot snapshot, String etag) implements StoredObject {}

    /** Ours, but no snapshot any more: cut off or overwritten by hand. It counts as empty (features #177). */
    record Damaged(String etag) implements StoredObject {}

    /** An agent keeps its own history under this name, in whatever format: it is not ours to touch (design D9). */
    record AgentOwned() implements StoredObject {}
}
