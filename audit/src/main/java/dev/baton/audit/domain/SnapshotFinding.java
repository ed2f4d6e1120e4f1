package dev.baton.audit.domain;

/** What does not fit together between a session's topics and its object in the store. */
public sealed interface SnapshotFinding extends Finding {
    record SnapshotMissing(String object, long settledOutSeq) implements SnapshotFinding {
        @Override
        public String kind() {
            return "snapshot-missing";
        }

        @Override
        public String expected() {
            return "a snapshot that reaches the settled turn at " + settledOutSeq;
        }

        @Override
        public String actual() {
            return "no object " + object;
        }

        @Override
        public boolean mayPass() {
            return true;
        }
    }

    record SnapshotBroken(String object) implements SnapshotFinding {
        @Override
        public String kind() {
            return "snapshot-broken";
        }

        @Override
        public String expected() {
            return "JSON of a snapshot, format 1";
        }

        @Override
        public String actual() {
            return object + " is something else: cut off, or overwritten";
        }
    }

    record SnapshotOlder(String object, long settledOutSeq, long lastOutSeq) implements SnapshotFinding {
        @Override
        public String kind() {
            return "snapshot-older";
        }

        @Override
        public String expected() {
            return "a snapshot that reaches the settled turn at " + settledOutSeq;
        }

        @Override
        public String actual() {
            return object + " reaches " + lastOutSeq;
        }

        @Override
        public boolean mayPass() {
            return true;
        }
    }

    record SnapshotCursorUnknown(String object, long lastOutSeq) implements SnapshotFinding {
        @Override
        public String kind() {
            return "snapshot-cursor-unknown";
        }

        @Override
        public String expected() {
            return "lastOutEventId of " + object + " to name a turn-complete of the session";
        }

        @Override
        public String actual() {
            return "none that counts at " + lastOutSeq;
        }
    }

    /**
     * @param messages how many there are, beside how many the fold gives
     * @param firstDifferentMessage index, −1 when only the cursor differs
     */
    record SnapshotDiffers(String object, long lastOutSeq, int expectedMessages, int messages,
            int firstDifferentMessage, long expectedLastInSeq, long lastInSeq) implements SnapshotFinding {
        @Override
        public String kind() {
            return "snapshot-differs";
        }

        @Override
        public String expected() {
            return "the fold of the topics up to " + lastOutSeq + ": " + expectedMessages
                    + " messages, lastInEventId " + expectedLastInSeq;
        }

        @Override
        public String actual() {
            return object + " has " + messages + " messages, lastInEventId " + lastInSeq
                    + (firstDifferentMessage < 0 ? "" : "; message " + firstDifferentMessage + " is another one");
        }
    }
}
