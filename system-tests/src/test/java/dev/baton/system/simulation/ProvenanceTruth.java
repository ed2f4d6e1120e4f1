package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.baton.wire.session.SessionRunRow;

/**
 * The committed provenance of one session. Invariants: generations come as 1, 2, 3 …, each names the run before it, and
 * the run before it has an end: at most one run is alive.
 */
final class ProvenanceTruth {
    private final Expect expect;
    private final List<SessionRunRow> rows = new ArrayList<>();

    ProvenanceTruth(Expect expect) {
        this.expect = expect;
    }

    void add(SessionRunRow row) {
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
        rows.add(row);
    }

    boolean knows(String runId) {
        return rows.stream().anyMatch(row -> row.runId().equals(runId));
    }
}
