package dev.baton.ingress.http;

/** Allows a burst and then a steady rate. Whoever shares it guards it. */
final class TokenBucket {
    /** A rate per second fills so many thousandths per millisecond: whole numbers, so that a reset time is exact. */
    private static final long THOUSANDTHS = 1000;

    /**
     * What came of asking.
     *
     * @param remaining requests that would still be granted at once
     * @param resetAt epoch milliseconds: of a refusal, when the next request is granted; else, when the bucket is full
     */
    record Taken(boolean granted, long limit, long remaining, long resetAt) {}

    private final int burst;
    private final int perSecond;
    /** Thousandths of requests. */
    private long level;
    private long filledAtMs;

    /** @param nowMs epoch milliseconds; it begins full */
    TokenBucket(int burst, int perSecond, long nowMs) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.level = burst * THOUSANDTHS;
        this.filledAtMs = nowMs;
    }

    /** A clock that is set back fills nothing and takes nothing away. */
    Taken take(long nowMs) {
        long passedMs = Math.max(0, nowMs - filledAtMs);
        level = passedMs > burst * THOUSANDTHS / perSecond
                ? burst * THOUSANDTHS
                : Math.min(burst * THOUSANDTHS, level + passedMs * perSecond);
        filledAtMs = nowMs;
        boolean granted = level >= THOUSANDTHS;
        if (granted) {
            level -= THOUSANDTHS;
        }
        long missing = granted ? burst * THOUSANDTHS - level : THOUSANDTHS - level;
        return new Taken(granted, burst, level / THOUSANDTHS, nowMs + Math.ceilDiv(missing, perSecond));
    }
}
