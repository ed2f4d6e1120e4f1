package dev.baton.snapshot.domain;

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
        long consumed = stored.record().header(ChannelRecord.SESSION_IN_EVENT_ID).filter(Boundary::isSeq)
                .map(Long::parseLong).orElse(NONE_CONSUMED);
        return Optional.of(new Boundary(stored.key(), stored.seq(), consumed, stored.writer().generation()));
    }

    private static boolean isSeq(String text) {
        return text.matches("\\d{1,18}");
    }
}
