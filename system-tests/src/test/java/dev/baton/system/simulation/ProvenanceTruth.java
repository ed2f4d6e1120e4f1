package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.baton.wire.run.RunEvent;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.SessionRunRow;

/**
 * The committed provenance of one session. Invariants: generations come as 1, 2, 3 …, each names the run before it, and
 * the run before it has an end: at most one run is alive. Each ends by what was reported of itself.
 */
final class ProvenanceTruth {
    private final Expect expect;
    private final RowTruth session;
    private final Set<String> reportedEnds = new HashSet<>();
    private final List<SessionRunRow> rows = new ArrayList<>();

    ProvenanceTruth(Expect expect, RowTruth session) {
        this.expect = expect;
        this.session = session;
    }

    void reported(RunEvent.RunEnded end) {
        reportedEnds.add(end.runId() + ' ' + end.outcome());
    }

    /** No run is ended by what was reported of another one. */
    private void endedByItsOwnReport(SessionRunRow row) {
        boolean bySession = row.outcome() == null || row.outcome() == RunOutcome.CANCELLED
                || row.outcome() == RunOutcome.SUPERSEDED;
        expect.that(bySession || reportedEnds.contains(row.runId() + ' ' + row.outcome()),
                "%s to be %s because that was reported of it, but it was not", row.runId(), row.outcome());
    }

    void add(SessionRunRow row) {
        endedByItsOwnReport(row);
        int index = (int) row.generation() - 1;
        expect.that(index >= 0 && index <= rows.size(), "generation %d to be next in the provenance of %s, but was %d",
                rows.size() + 1, row.chatId(), row.generation());
        if (index < rows.size()) {
            expect.that(rows.get(index).runId().equals(row.runId()), "generation %d of %s to be %s, but was %s",
                    row.generation(), row.chatId(), rows.get(index).runId(), row.runId());
            rows.set(index, row);
            return;
        }
        SessionRunRow before = rows.isEmpty() ? null : rows.getLast();
        String previous = before == null ? null : before.runId();
        expect.that(Objects.equals(previous, row.previousRunId()), "%s to name %s as the run before it, but"
                + " was %s", row.runId(), previous, row.previousRunId());
        expect.that(before == null || before.endedAt() != null, "%s to have ended before %s follows it", previous,
                row.runId());
        if (before != null && before.outcome() == RunOutcome.CANCELLED) {
            session.follows(before, row);
        }
        rows.add(row);
    }

    /** How many runs after one generation and up to another one were killed. */
    long killedBetween(long after, long last) {
        return rows.stream().filter(row -> row.generation() > after && row.generation() <= last)
                .filter(ProvenanceTruth::isKilled).count();
    }

    private static boolean isKilled(SessionRunRow row) {
        return row.outcome() != null && switch (row.outcome()) {
            case CRASHED, FAILED, TIMED_OUT -> true;
            case COMPLETED, CANCELLED, EXPIRED, SUPERSEDED -> false;
        };
    }

    /** Whether the session has not learned from the run itself how far it came. */
    boolean endedSilently(String runId) {
        return rows.stream().anyMatch(row -> row.runId().equals(runId) && row.outcome() != RunOutcome.COMPLETED
                && row.outcome() != RunOutcome.FAILED);
    }

    boolean knows(String runId) {
        return rows.stream().anyMatch(row -> row.runId().equals(runId));
    }
}
