package dev.baton.ingress.view;

import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;

import dev.baton.wire.session.WaitRow;

/**
 * Waits in memory: all that are pending, and the latest of those that are over. Whoever waits asks within seconds; one that
 * has not asked for longer than the newest {@value #SETTLED_MAX} took to settle is told that there is no such wait.
 */
final class WaitTable {
    static final int SETTLED_MAX = 20_000;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    /** All guarded by {@link #lock}. */
    private final Map<Id, WaitRow> pending = new HashMap<>();
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>(Comparator.comparingLong(Deadline::at));
    private final Map<Id, WaitRow> settled = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Id, WaitRow> eldest) {
            return size() > SETTLED_MAX;
        }
    };

    /** Waits are looked up within their environment only: tenants do not see each other. */
    private record Id(String environmentId, String waitpointId) {}

    private record Deadline(long at, Id id) {}

    WaitTable(Clock clock) {
        this.clock = clock;
    }

    void put(WaitRow row) {
        Id id = new Id(row.environmentId(), row.waitpointId());
        lock.lock();
        try {
            pending.remove(id);
            if (row.completedAt() != null) {
                settled.put(id, row);
            } else {
                pending.put(id, row);
                deadlines.add(new Deadline(row.overAt(), id));
            }
            retire(clock.millis());
        } finally {
            lock.unlock();
        }
    }

    Optional<WaitRow> find(String environmentId, String waitpointId) {
        Id id = new Id(environmentId, waitpointId);
        lock.lock();
        try {
            return Optional.ofNullable(pending.getOrDefault(id, settled.get(id)));
        } finally {
            lock.unlock();
        }
    }

    int pending() {
        lock.lock();
        try {
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    /** What has timed out counts as settled; nothing is written when that happens. */
    private void retire(long now) {
        while (!deadlines.isEmpty() && deadlines.peek().at() <= now) {
            Id id = deadlines.poll().id();
            WaitRow dead = pending.remove(id);
            if (dead != null) {
                settled.put(id, dead);
            }
        }
    }
}
