package dev.baton.system.support;

import java.time.Duration;

/**
 * How long tests wait for what must come. The figures hold on an idle machine with 2 cores; on a busy one the system
 * property {@code baton.test.patience} multiplies them all.
 */
public final class Patience {
    private static final int FACTOR = Integer.getInteger("baton.test.patience", 1);

    /** First start of a process on empty data. */
    public static final Duration START = seconds(60);
    /** Of one process while a dozen others start beside it. */
    public static final Duration DEPLOYMENT_START = seconds(180);
    /** Until another process answers for one that is gone, several moves in a row included. */
    public static final Duration TAKEOVER = seconds(90);
    /** Issue 2: ready again after kill -9. */
    public static final Duration RESTART = seconds(20);
    /** Longer than any turn takes when everything works, also after a crash. */
    public static final Duration TURN = seconds(30);
    /** What comes by itself at a fixed pace: pings, the end of a window. */
    public static final Duration SOON = seconds(8);
    /** Issue 4: until a successor of a killed worker writes: the default lease of 5 s and a second. */
    public static final Duration LEASE_AND_A_SECOND = seconds(6);
    /** Issue 2: Ctrl-C stops everything within this time. */
    public static final Duration STOP = seconds(5);
    /** A process that cannot start looks for its broker for 30 s first. */
    public static final Duration REFUSAL = seconds(60);

    private Patience() {}

    private static Duration seconds(int idle) {
        return Duration.ofSeconds((long) idle * FACTOR);
    }
}
