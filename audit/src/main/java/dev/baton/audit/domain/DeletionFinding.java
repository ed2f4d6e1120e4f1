package dev.baton.audit.domain;

/** What is still there of a session that was deleted, and should not be. */
public sealed interface DeletionFinding extends Finding {
    /** @param runs how many rows there are; {@code runId} is the first of them */
    record ProvenanceAfterDeletion(String runId, int runs) implements DeletionFinding {
        @Override
        public String kind() {
            return "provenance-after-deletion";
        }

        @Override
        public String expected() {
            return "no provenance, because the session was deleted";
        }

        @Override
        public String actual() {
            return runs + " runs, first " + runId;
        }
    }

    record SnapshotAfterDeletion(String object) implements DeletionFinding {
        @Override
        public String kind() {
            return "snapshot-after-deletion";
        }

        @Override
        public String expected() {
            return "no snapshot, because the session was deleted";
        }

        @Override
        public String actual() {
            return "an object " + object;
        }

        @Override
        public boolean mayPass() {
            return true;
        }
    }
}
