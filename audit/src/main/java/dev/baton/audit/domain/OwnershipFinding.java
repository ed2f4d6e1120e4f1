package dev.baton.audit.domain;

import dev.baton.wire.session.RunOutcome;

/** What does not fit together in the rows: who owned the session, and whether somebody will answer. */
public sealed interface OwnershipFinding extends Finding {
    record RowMissing(int records, int runs) implements OwnershipFinding {
        @Override
        public String kind() {
            return "row-missing";
        }

        @Override
        public String expected() {
            return "a row in baton.sessions";
        }

        @Override
        public String actual() {
            return "none, but " + records + " records and " + runs + " runs";
        }
    }

    record GenerationGap(long expectedGeneration, long generation, String runId) implements OwnershipFinding {
        @Override
        public String kind() {
            return "generation-gap";
        }

        @Override
        public String expected() {
            return "generation " + expectedGeneration + " to be next in the provenance";
        }

        @Override
        public String actual() {
            return "generation " + generation + ", " + runId;
        }
    }

    /** @param expectedPreviousRunId and {@code previousRunId}: null for none */
    record RunChainBroken(String runId, long generation, String expectedPreviousRunId, String previousRunId)
            implements
                OwnershipFinding {
        @Override
        public String kind() {
            return "run-chain-broken";
        }

        @Override
        public String expected() {
            return "generation " + generation + " to follow " + expectedPreviousRunId;
        }

        @Override
        public String actual() {
            return runId + " names " + previousRunId + " as the run before it";
        }
    }

    /** @param successorRunId null when the row of the session says that it is over */
    record RunNotEnded(String runId, long generation, String successorRunId) implements OwnershipFinding {
        @Override
        public String kind() {
            return "run-not-ended";
        }

        @Override
        public String expected() {
            return "an end of generation " + generation
                    + (successorRunId == null ? ", as the row of the session says" : " before " + successorRunId);
        }

        @Override
        public String actual() {
            return runId + " has no endedAt";
        }
    }

    record OwnerWithoutProvenance(String runId, long generation) implements OwnershipFinding {
        @Override
        public String kind() {
            return "owner-without-provenance";
        }

        @Override
        public String expected() {
            return "provenance of generation " + generation + ", which the row of the session names";
        }

        @Override
        public String actual() {
            return "no row of " + runId + " with this generation";
        }
    }

    /** @param runId null when there was never a run; {@code outcome} as well */
    record MessagesUnsettled(long fromInSeq, long toInSeq, String runId,
            RunOutcome outcome) implements OwnershipFinding {
        @Override
        public String kind() {
            return "messages-unsettled";
        }

        @Override
        public String expected() {
            return ".in " + fromInSeq + " to " + toInSeq + " to be settled, or a run that will answer";
        }

        @Override
        public String actual() {
            return lastRun(runId, outcome);
        }
    }

    /** The message in the payload of the first run. */
    record FirstMessageUnsettled(String runId, RunOutcome outcome) implements OwnershipFinding {
        @Override
        public String kind() {
            return "first-message-unsettled";
        }

        @Override
        public String expected() {
            return "the message the session was created with to be settled, or a run that will answer";
        }

        @Override
        public String actual() {
            return lastRun(runId, outcome);
        }
    }

    private static String lastRun(String runId, RunOutcome outcome) {
        return runId == null
                ? "no run ever"
                : "the last run, " + runId + ", has ended: "
                        + (outcome == null ? "no outcome" : outcome.label());
    }
}
