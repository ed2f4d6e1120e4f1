package dev.baton.ingress.log;

import java.util.List;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;

/** The write face of {@code .out}. */
@FunctionalInterface
public interface ChannelAppender {
    /**
     * Appends in order and returns when everything is stored. When it throws, some of the records may be stored.
     *
     * @param records at least one
     */
    Appended append(SessionKey key, List<ChannelRecord> records, Writer writer);

    /**
     * @param lastSeq seq of the last record
     * @param timestampMs of the last record
     * @param count of records
     */
    record Appended(long lastSeq, long timestampMs, int count) {}
}
