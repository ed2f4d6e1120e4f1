package dev.baton.ingress.view;

import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

import dev.baton.wire.session.WaitRow;

/**
 * Waits in memory: all that are pending, and the latest of those that are over. Whoever waits asks within seconds; one that
 * has not asked for longer than the newest {@value #SETTLED_MAX} took to settle is told that there is no such wait.
 */
public final class WaitTable {
    static final int SETTLED_MAX = 20_000;
    private static final Comparator<WaitRow> SOONEST_OVER = Comparator.comparingLong(WaitRow::overAt)
            .thenComparing(WaitRow::environmentId).thenComparing(WaitRow::waitpointId);

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    /** All guarded by {@link #lock}. */
    private final Map<Id, WaitRow> pending = new HashMap<>();
    /** The pending ones once more: what is over leaves both, so that neither grows with the waits of a week. */
    private final NavigableSet<WaitRow> soonestOver = new TreeSet<>(SOONEST_OVER);
    private final Map<Id, WaitRow> settled = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Id, WaitRow> eldest) {
            return size() > SETTLED_MAX;
        }
    };

    /** Waits are looked up within their environment only: tenants do not see each other. */
    private record Id(String environmentId, String waitpointId) {}

    public WaitTable(Clock clock) {
        this.clock = clock;
    }

    public void put(WaitRow row) {
        Id id = new Id(row.environmentId(), row.waitpointId());
        lock.lock();
        try {
            WaitRow held = row.completedAt() == null ? pending.put(id, row) : pending.remove(id);
            if (held != null) {
                soonestOver.remove(held);
            }
            if (row.completedAt() == null) {
                soonestOver.add(row);
            } else {
                settled.put(id, row);
            }
            retire(clock.millis());
        } finally {
            lock.unlock();
        }
    }

    public Optional<WaitRow> find(String environmentId, String waitpointId) {
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
            retire(clock.millis());
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    /** What has timed out counts as settled; nothing is written when that happens. */
    private void retire(long now) {
        while (!soonestOver.isEmpty() && soonestOver.first().overAt() <= now) {
            WaitRow dead = soonestOver.pollFirst();
            Id id = new Id(dead.environmentId(), dead.waitpointId());
            pending.remove(id);
            settled.put(id, dead);
        }
    }
}
