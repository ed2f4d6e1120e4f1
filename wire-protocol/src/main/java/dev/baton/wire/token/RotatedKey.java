package dev.baton.wire.token;

import java.time.Instant;

/**
 * A secret key beside the current one: it is accepted, and what was signed with it verifies, until its grace ends.
 * Nothing new is signed with it.
 *
 * @param validUntil the first moment at which it is refused
 */
public record RotatedKey(String key, Instant validUntil) {
    boolean validAt(Instant now) {
        return now.isBefore(validUntil);
    }

    /** Keys stay out of logs. */
    @Override
    public String toString() {
        return "RotatedKey[until " + validUntil + "]";
    }
}
