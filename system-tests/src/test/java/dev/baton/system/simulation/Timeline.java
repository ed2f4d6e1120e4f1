package dev.baton.system.simulation;

import java.util.PriorityQueue;

/** The clock of the world and everything that is going to happen. One event is one step. */
final class Timeline {
    static final long BEGIN_MS = 1_700_000_000_000L;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowMs = BEGIN_MS;
    private long scheduled;
    private int steps;

    private record Event(long atMs, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atMs, other.atMs);
            return byTime == 0 ? Long.compare(order, other.order) : byTime;
        }
    }

    /** Epoch milliseconds. */
    long nowMs() {
        return nowMs;
    }

    int steps() {
        return steps;
    }

    /** Events of the same moment happen in the order in which they were scheduled. */
    void at(long atMs, Runnable action) {
        events.add(new Event(Math.max(atMs, nowMs), scheduled++, action));
    }

    void after(long delayMs, Runnable action) {
        at(nowMs + delayMs, action);
    }

    /** The next event happens. @return false when nothing is left to happen */
    boolean step() {
        Event next = events.poll();
        if (next == null) {
            return false;
        }
        nowMs = next.atMs();
        steps++;
        next.action().run();
        return true;
    }
}
