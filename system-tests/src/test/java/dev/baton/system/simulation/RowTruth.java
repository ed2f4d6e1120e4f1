package dev.baton.system.simulation;

import java.util.HashSet;
import java.util.Set;

import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/**
 * The committed rows of one session, and what was asked of it. Invariants: no cursor falls; readers lose sight of what the
 * owner or somebody without a generation has trimmed, and of nothing else.
 */
final class RowTruth {
    private final Expect expect;
    private final Set<SessionCommand.TrimOut> trims = new HashSet<>();
    private final Set<Long> calls = new HashSet<>();
    private SessionRow newest;

    RowTruth(Expect expect) {
        this.expect = expect;
    }

    void asked(SessionCommand command, long at) {
        switch (command) {
            case SessionCommand.TrimOut trim -> trims.add(trim);
            case SessionCommand.AppendIn _,SessionCommand.CreateSession _ -> calls.add(at);
            case SessionCommand.AppendSide _,SessionCommand.UpdateSession _,SessionCommand.CloseSession _,SessionCommand.DeleteSession _,SessionCommand.KeepHistory _,SessionCommand.EndAndContinue _,SessionCommand.CancelRun _,SessionCommand.SettleTurn _,SessionCommand.WaitCommand _ ->
                {
                }
        }
    }

    void add(SessionRow row) {
        SessionRow before = newest;
        newest = row;
        if (before == null) {
            return;
        }
        expect.that(
                row.generation() >= before.generation() && row.settledInSeq() >= before.settledInSeq()
                        && row.settledOutSeq() >= before.settledOutSeq() && row.lastInSeq() >= before.lastInSeq()
                        && row.floorOutSeq() >= before.floorOutSeq(),
                "no cursor of %s to fall, but after %s came %s", row.key(), before, row);
        expect.that(
                row.floorOutSeq() == before.floorOutSeq() || trimmedBy(before.generation(), row.generation(),
                        row.floorOutSeq()),
                "the owner of %s to have trimmed to %d, but there was nothing but %s", row.key(), row.floorOutSeq(),
                trims);
    }

    /** Several decisions may lie between two rows that we see. */
    private boolean trimmedBy(long from, long to, long floor) {
        return trims.stream().anyMatch(trim -> trim.floorOutSeq() == floor
                && (trim.generation() == 0 || trim.generation() >= from && trim.generation() <= to));
    }

    /** Whoever follows a cancelled run was called by a message or a create (decision 0014). */
    void follows(SessionRunRow cancelled, SessionRunRow successor) {
        expect.that(calls.contains(successor.requestedAt()),
                "no successor of %s, which was cancelled, before somebody speaks, but there is %s", cancelled.runId(),
                successor.runId());
    }
}
