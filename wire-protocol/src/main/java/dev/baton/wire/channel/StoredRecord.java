package dev.baton.wire.channel;

import dev.baton.wire.session.SessionKey;

/**
 * A record as it lies in a session topic.
 *
 * @param seq its cursor: dense on {@code .in}, the offset on {@code .out}; {@value #NO_SEQ} for the first-turn message,
 *     which readers of the protocol do not see
 * @param offset in its partition
 * @param timestampMs broker's arrival time
 * @param fence the generation from which on writers are accepted when this record is a fence, else 0
 */
public record StoredRecord(SessionKey key, Channel channel, long seq, long offset, long timestampMs,
        ChannelRecord record, Writer writer, long fence) {
    public static final long NO_SEQ = -1;

    public boolean isFence() {
        return fence > 0;
    }

    /** Fences, trims and the first-turn message are ours: protocol readers never see them. */
    public boolean visible() {
        return !isFence() && seq != NO_SEQ && !record.isCommand();
    }
}
