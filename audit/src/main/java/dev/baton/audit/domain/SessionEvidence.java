package dev.baton.audit.domain;

import java.util.List;

import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/**
 * What the topics say of one session. The channels were read first, then the row, then the provenance: a row is never
 * older than the records, but it may be newer.
 *
 * @param row the newest one, null when there is none
 * @param runs the newest row of each run, in order of the generations
 * @param in all records of {@code .in} that are retained, the first-turn message included
 * @param out all records of {@code .out} that are retained, fences and void ones included
 * @param readAtMs when the ends of the channels were taken, epoch milliseconds
 */
public record SessionEvidence(SessionKey key, SessionRow row, List<SessionRunRow> runs, List<StoredRecord> in,
        List<StoredRecord> out, Extent inExtent, Extent outExtent, long readAtMs) {
    public SessionEvidence {
        runs = List.copyOf(runs);
        in = List.copyOf(in);
        out = List.copyOf(out);
    }

    /** Whether all of its {@code .in} is here: nothing has left the topic by retention. */
    public boolean inComplete() {
        return row != null && inExtent.holdsSince(row.createdAt());
    }

    public boolean outComplete() {
        return row != null && outExtent.holdsSince(row.createdAt());
    }
}
