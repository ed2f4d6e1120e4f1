package dev.baton.ingress.tail;

import dev.baton.wire.session.SessionKey;

/**
 * Where a reader begins.
 *
 * @param fromOffset no record of interest lies before it
 * @param afterSeq the reader has everything up to this seq, −1 when it has nothing, {@link #WITH_FIRST_TURN} when it
 *     has nothing and wants the message the session was created with as well, whose seq is −1
 * @param fenceLevel generation whose fence is known to lie before {@code fromOffset}, 0 when none is known
 * @param waits whether the reader stays for records to come
 */
public record ReadPlan(SessionKey key, long fromOffset, long afterSeq, long fenceLevel, boolean waits) {
    public static final long WITH_FIRST_TURN = -2;
}
