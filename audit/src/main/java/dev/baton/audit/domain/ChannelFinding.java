package dev.baton.audit.domain;

/** What does not fit together on the channels of a session: seqs, fences, and turns that the row names. */
public sealed interface ChannelFinding extends Finding {
    /** @param channelKey the record key, which may be that of a side channel */
    record InGap(String channelKey, long expectedSeq, long seq, long offset) implements ChannelFinding {
        @Override
        public String kind() {
            return "in-gap";
        }

        @Override
        public String expected() {
            return ".in of " + channelKey + " to go on with seq " + expectedSeq;
        }

        @Override
        public String actual() {
            return "seq " + seq + " at offset " + offset;
        }
    }

    record WriteBeforeFence(long outSeq, long generation, long fencedGeneration) implements ChannelFinding {
        @Override
        public String kind() {
            return "write-before-fence";
        }

        @Override
        public String expected() {
            return "the fence of generation " + generation + " before its first record on .out";
        }

        @Override
        public String actual() {
            return "a record of it at " + outSeq + ", where the highest fence is that of " + fencedGeneration;
        }
    }

    /** @param runId null when the fence names none */
    record FenceWithoutRun(long outSeq, long generation, String runId) implements ChannelFinding {
        @Override
        public String kind() {
            return "fence-without-run";
        }

        @Override
        public String expected() {
            return "provenance of the run that the fence at " + outSeq + " names";
        }

        @Override
        public String actual() {
            return "none of generation " + generation + " with run id " + runId;
        }
    }

    record FenceMissing(long fenceOutSeq, long generation) implements ChannelFinding {
        @Override
        public String kind() {
            return "fence-missing";
        }

        @Override
        public String expected() {
            return "the fence of generation " + generation + " at " + fenceOutSeq + ", as the row says";
        }

        @Override
        public String actual() {
            return "no such fence there";
        }
    }

    record VoidTurnSettled(long outSeq, long generation) implements ChannelFinding {
        @Override
        public String kind() {
            return "void-turn-settled";
        }

        @Override
        public String expected() {
            return "settledOutSeq to be moved by runs that own the session";
        }

        @Override
        public String actual() {
            return "it is " + outSeq + ", a turn-complete of generation " + generation
                    + " behind the fence of a later one";
        }
    }

    record SettledTurnMissing(long settledOutSeq) implements ChannelFinding {
        @Override
        public String kind() {
            return "settled-turn-missing";
        }

        @Override
        public String expected() {
            return "a turn-complete at " + settledOutSeq + ", as the row says";
        }

        @Override
        public String actual() {
            return "no turn-complete of the session there";
        }
    }
}
