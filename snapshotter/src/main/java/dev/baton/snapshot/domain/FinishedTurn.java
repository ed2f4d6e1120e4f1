package dev.baton.snapshot.domain;

import java.util.List;

import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.history.Boundary;

/**
 * A turn that is over, with what memory holds of it. Immutable: it is handed to another thread.
 *
 * @param partition of the session in both topics
 * @param neededFrom first {@code .out} offset the turn may need
 * @param coveredFrom from this {@code .out} offset on {@code out} is complete; higher than {@code neededFrom} after the
 *     session overflowed its memory
 * @param out accepted records up to the boundary, fences included
 * @param in records that no earlier turn consumed, as far as they are in memory
 */
public record FinishedTurn(Boundary boundary, int partition, long neededFrom, long coveredFrom, List<StoredRecord> out,
        List<StoredRecord> in) {
    public FinishedTurn {
        out = List.copyOf(out);
        in = List.copyOf(in);
    }
}
