package dev.baton.session.domain;

import java.time.Duration;

/**
 * How long a successor waits after runs that did nothing (design D4): at once after the first, then 1 s, 2 s, 4 s … up
 * to one minute. A run that dies at once, again and again, costs a worker one attempt a minute.
 */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    /** Beyond this the longest one holds; keeps the shift small. */
    private static final int DOUBLINGS_MAX = 6;

    private Backoff() {}

    static Duration after(int fruitlessRuns) {
        if (fruitlessRuns <= 1) {
            return Duration.ZERO;
        }
        Duration doubled = FIRST.multipliedBy(1L << Math.min(fruitlessRuns - 2, DOUBLINGS_MAX));
        return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }
}
