package dev.baton.audit.domain;

import dev.baton.wire.history.Snapshot;

/** What lies in the object store under the name of a session's snapshot; read after the row of the session. */
public sealed interface StoredSnapshot {
    record Absent(String object) implements StoredSnapshot {}

    record Written(String object, Snapshot snapshot) implements StoredSnapshot {}

    /** Written by the snapshotter, but no snapshot any more. */
    record Broken(String object) implements StoredSnapshot {}

    /** An agent keeps its own history there, in whatever format. */
    record AgentOwned(String object) implements StoredSnapshot {}

    /** The environment of the session is not one of the settings, so its object has no name. */
    record Unnamed() implements StoredSnapshot {}
}
