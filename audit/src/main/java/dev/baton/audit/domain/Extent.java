package dev.baton.audit.domain;

/**
 * What of one partition of a session topic was there to be read.
 *
 * @param begin offset of the first record that is retained; 0 while nothing has left the topic
 * @param end offset behind the last record that was read
 * @param firstAtMs arrival of the first record that was read, epoch milliseconds; {@link Long#MAX_VALUE} when there was none
 */
public record Extent(long begin, long end, long firstAtMs) {
    /** A record may be stamped this much earlier than the row of its session: two clocks. In milliseconds. */
    public static final long CLOCK_SLACK_MS = 60_000;

    /** Whether everything that arrived since then is there. False when that is not certain. */
    public boolean holdsSince(long epochMs) {
        return begin == 0 || firstAtMs <= epochMs - CLOCK_SLACK_MS;
    }

    /** Whether a record with this offset was read, if there ever was one. */
    public boolean covers(long offset) {
        return offset >= begin && offset < end;
    }
}
