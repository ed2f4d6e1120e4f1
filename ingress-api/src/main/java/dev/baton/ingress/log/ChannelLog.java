package dev.baton.ingress.log;

import dev.baton.ingress.tail.PartitionTail;
import dev.baton.wire.session.SessionKey;

/** One session topic as readers need it. */
public interface ChannelLog {
    /** The tail of the partition that this session lives in. */
    PartitionTail tail(SessionKey key);

    /** Offset behind everything that was acknowledged in the session's partition until now. */
    long end(SessionKey key);

    /** Offset of the first record that arrived at this time or later; the end when there is none. */
    long offsetAtTime(SessionKey key, long epochMs);

    /** Offset of the oldest surviving record. */
    long start(SessionKey key);
}
