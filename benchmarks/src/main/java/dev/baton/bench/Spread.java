package dev.baton.bench;

import java.util.Arrays;
import java.util.Locale;

/** Latencies of one repeat, in nanoseconds. */
record Spread(long[] sorted) {
    private static final double NANOS_PER_MILLI = 1_000_000;

    /** @param nanos in any order, at least one */
    static Spread of(long... nanos) {
        if (nanos.length == 0) {
            throw new IllegalArgumentException("expected at least one latency, but there is none");
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Spread(sorted);
    }

    /** The smallest value that this part of all values does not exceed, in milliseconds. */
    double percentileMs(double percent) {
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(0, rank - 1)] / NANOS_PER_MILLI;
    }

    double maxMs() {
        return sorted[sorted.length - 1] / NANOS_PER_MILLI;
    }

    /** A row of a Markdown table: p50, p90, p99, max. */
    String row() {
        return String.format(Locale.ROOT, "%.1f | %.1f | %.1f | %.1f", percentileMs(50), percentileMs(90),
                percentileMs(99),
                maxMs());
    }
}
