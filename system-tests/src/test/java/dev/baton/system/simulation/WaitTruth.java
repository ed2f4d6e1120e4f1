package dev.baton.system.simulation;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.WaitRow;

/**
 * The committed waits on {@code .in} of one session. Invariants: each is completed once at most, by the first record after
 * what its run has seen; one that is pending has missed none, unless its time was over before the record came.
 */
final class WaitTruth {
    /** Clocks of two processes differ by less. */
    private static final long SKEW_MAX_MS = 4_000;

    private final Expect expect;
    private final InTruth in;
    private final Map<String, Long> seen = new HashMap<>();
    private final Map<String, WaitRow> pending = new LinkedHashMap<>();
    private final Map<String, Long> completed = new HashMap<>();

    WaitTruth(Expect expect, InTruth in) {
        this.expect = expect;
        this.in = in;
    }

    void asked(SessionCommand.RegisterWait wait) {
        seen.put(wait.waitpointId(), wait.lastSeqNum());
    }

    void add(WaitRow row) {
        if (row.completedAt() == null) {
            expect.that(!completed.containsKey(row.waitpointId()), "%s to stay completed, but it waits again",
                    row.waitpointId());
            pending.put(row.waitpointId(), row);
            return;
        }
        pending.remove(row.waitpointId());
        Long before = completed.put(row.waitpointId(), row.seq());
        expect.that(before == null, "%s to be completed once, but by %s and by %d", row.waitpointId(), before,
                row.seq());
        expect.that(row.seq() == seen.get(row.waitpointId()) + 1,
                "%s to be completed by the record after %d, but it was %d", row.waitpointId(),
                seen.get(row.waitpointId()), row.seq());
    }

    /** No wake-up is lost. */
    void nothingMissed() {
        for (WaitRow row : pending.values()) {
            long next = seen.get(row.waitpointId()) + 1;
            expect.that(next >= in.size() || row.overAt() <= in.acceptedAt(next) + SKEW_MAX_MS,
                    "%s to be completed by seq %d, which is there, but it still waits", row.waitpointId(), next);
        }
    }
}
