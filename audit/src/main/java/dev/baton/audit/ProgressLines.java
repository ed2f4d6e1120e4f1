package dev.baton.audit;

import java.io.PrintStream;
import java.time.Duration;

import dev.baton.audit.report.AuditLines;
import dev.baton.audit.topic.Progress;

/** Says on standard error how far a long audit has come, now and then; a short one says nothing. */
final class ProgressLines implements Progress {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final PrintStream to;
    private AuditLines lines;
    private long nextAtNanos = System.nanoTime() + INTERVAL.toNanos();

    ProgressLines(PrintStream to) {
        this.to = to;
    }

    /** @param told whose counts are said as well */
    void count(AuditLines told) {
        lines = told;
    }

    @Override
    public void at(String source, long done, long total) {
        long now = System.nanoTime();
        if (now - nextAtNanos >= 0) {
            nextAtNanos = now + INTERVAL.toNanos();
            String counts = lines == null
                    ? ""
                    : "; " + lines.sessions() + " sessions checked, " + lines.findings() + " findings";
            to.println("baton audit: reading " + source + ", " + done + " of " + total + " offsets" + counts);
        }
    }
}
