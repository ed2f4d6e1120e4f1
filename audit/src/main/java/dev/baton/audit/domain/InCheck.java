package dev.baton.audit.domain;

import java.util.ArrayList;
import java.util.List;

import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;

/** Seqs on {@code .in} are dense: from 0, or from whatever is left of them. */
public final class InCheck {
    private InCheck() {}

    /**
     * @param key of the records, a side channel's or a session's
     * @param complete whether nothing of the channel has left the topic
     */
    public static List<Finding> of(SessionKey key, List<StoredRecord> in, boolean complete) {
        List<Finding> findings = new ArrayList<>();
        long expected = complete ? 0 : StoredRecord.NO_SEQ;
        for (StoredRecord record : in) {
            if (record.seq() == StoredRecord.NO_SEQ) {
                continue;
            }
            if (expected != StoredRecord.NO_SEQ && record.seq() != expected) {
                findings.add(new ChannelFinding.InGap(key.toString(), expected, record.seq(), record.offset()));
            }
            expected = Math.max(expected, record.seq() + 1);
        }
        return findings;
    }
}
