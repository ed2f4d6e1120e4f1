package dev.baton.wire.history;

import java.util.Optional;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;

/**
 * The end of a turn: a turn-complete record on {@code .out}.
 *
 * @param outSeq its own seq
 * @param inSeq seq of the last {@code .in} record the turn consumed, {@value #NONE_CONSUMED} when it names none
 * @param generation of the run that wrote it, 0 when the writer named none
 */
public record Boundary(SessionKey key, long outSeq, long inSeq, long generation) {
    public static final long NONE_CONSUMED = -1;

    /** Empty when the record is something else. */
    public static Optional<Boundary> of(StoredRecord stored) {
        if (!stored.record().isControl(ChannelRecord.TURN_COMPLETE)) {
            return Optional.empty();
        }
        long consumed = consumedInSeq(stored.record().header(ChannelRecord.SESSION_IN_EVENT_ID));
        return Optional.of(new Boundary(stored.key(), stored.seq(), consumed, stored.writer().generation()));
    }

    /**
     * What a turn-complete says it has consumed; absent or unreadable says nothing.
     *
     * @param header value of {@link ChannelRecord#SESSION_IN_EVENT_ID}
     * @return a seq of {@code .in}, or {@value #NONE_CONSUMED}
     */
    public static long consumedInSeq(Optional<String> header) {
        return header.filter(seq -> seq.matches("\\d{1,18}")).map(Long::parseLong).orElse(NONE_CONSUMED);
    }
}
