package dev.baton.audit.replay;

import java.time.DateTimeException;
import java.time.OffsetDateTime;

/** Up to where a conversation is replayed. */
public sealed interface Until {
    /** From this number on a number is a time and no seq: epoch milliseconds of 2001. No channel has so many records. */
    long EPOCH_MS_MIN = 1_000_000_000_000L;

    /** Everything. */
    record End() implements Until {}

    /** @param outSeq the last {@code .out} seq that counts */
    record Seq(long outSeq) implements Until {}

    /** @param epochMs what arrived later does not count */
    record Time(long epochMs) implements Until {}

    /** @throws IllegalArgumentException with one line that says what was expected */
    static Until parse(String text) {
        if (text.matches("\\d{1,18}")) {
            long number = Long.parseLong(text);
            return number < EPOCH_MS_MIN ? new Seq(number) : new Time(number);
        }
        return new Time(parseTime(text));
    }

    /**
     * Epoch milliseconds of an ISO date-time with an offset, {@code 2026-01-31T12:00:00Z}, or of a number of milliseconds.
     *
     * @throws IllegalArgumentException with one line that says what was expected
     */
    static long parseTime(String text) {
        if (text.matches("\\d{1,18}")) {
            return Long.parseLong(text);
        }
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "expected an ISO date-time with an offset, as 2026-01-31T12:00:00Z, or epoch milliseconds, but was '"
                            + text + "'");
        }
    }
}
