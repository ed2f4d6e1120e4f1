package dev.baton.ingress.tail;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.baton.wire.session.SessionKey;

/**
 * The end of one partition of a session topic: the most recent records in a byte-bounded ring, and the readers that
 * wait for the next one (design D6). Everything from {@code ringStart} on is in the ring or was not read yet; what is
 * older is read again by one shared catch-up pass.
 *
 * <p>Threads: {@link #append} is called by the one thread that tails the topic; readers call from their own.
 */
public final class PartitionTail {
    private final long ringBytesMax;
    private final CatchUp catchUp;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final ArrayDeque<TailEntry> ring = new ArrayDeque<>();
    private final Map<SessionKey, SessionWindow> windows = new HashMap<>();
    private final Map<SessionKey, List<Subscription>> live = new HashMap<>();
    private final Set<Subscription> open = ConcurrentHashMap.newKeySet();
    private long ringBytes;
    private long ringStart;
    private long position;

    /**
     * @param startOffset first offset that {@link #append} will bring
     * @param scans runs catch-up passes; a pass may block for as long as the log is read
     */
    public PartitionTail(long ringBytesMax, long startOffset, LogScan log, Executor scans) {
        this.ringBytesMax = ringBytesMax;
        this.ringStart = startOffset;
        this.position = startOffset;
        this.catchUp = new CatchUp(log, this::ringStart, scans);
    }

    /** Adds what was read. {@code position} is the next offset to be read: behind the last record, or further. */
    public void append(List<TailEntry> entries, long newPosition) {
        lock.lock();
        try {
            for (TailEntry entry : entries) {
                ring.addLast(entry);
                ringBytes += entry.cost();
                windows.computeIfAbsent(entry.key(), _ -> new SessionWindow()).add(entry);
                feedLive(entry);
            }
            position = Math.max(position, newPosition);
            evict();
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public Subscription subscribe(ReadPlan plan) {
        Subscription subscription = new Subscription(this, plan);
        open.add(subscription);
        return subscription;
    }

    /** Waits until everything before this offset was read. @return whether that came true in time */
    public boolean awaitPosition(long offset, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (position < offset && left > 0) {
                left = moved.awaitNanos(left);
            }
            return position >= offset;
        } finally {
            lock.unlock();
        }
    }

    /** The session's last record that readers see, if it is in the ring. */
    public Optional<TailEntry> newest(SessionKey key) {
        lock.lock();
        try {
            return Optional.ofNullable(windows.get(key)).map(SessionWindow::newest);
        } finally {
            lock.unlock();
        }
    }

    /** Where to begin so that a channel with dense seqs is read from this seq on, if the ring reaches back that far. */
    public OptionalLong offsetOfDenseSeq(SessionKey key, long seq) {
        lock.lock();
        try {
            SessionWindow window = windows.get(key);
            return window != null && window.reachesBackTo(seq) ? OptionalLong.of(ringStart) : OptionalLong.empty();
        } finally {
            lock.unlock();
        }
    }

    public long position() {
        lock.lock();
        try {
            return position;
        } finally {
            lock.unlock();
        }
    }

    public int subscriptions() {
        return open.size();
    }

    /** Ends all readers: the process stops. */
    public void endAll(String reason) {
        for (Subscription subscription : List.copyOf(open)) {
            release(subscription, new Delivery.Broken(reason));
        }
    }

    void release(Subscription subscription, Delivery with) {
        lock.lock();
        try {
            open.remove(subscription);
            subscription.end(with);
            List<Subscription> readers = live.get(subscription.key());
            if (readers != null && readers.remove(subscription) && readers.isEmpty()) {
                live.remove(subscription.key());
            }
        } finally {
            lock.unlock();
        }
    }

    /** The reader's thread wants more than it has: gives it the ring, or a place in the next catch-up pass. */
    void pull(Subscription subscription) {
        lock.lock();
        try {
            OptionalLong next = subscription.next();
            if (next.isEmpty()) {
                return;
            }
            if (next.getAsLong() >= ringStart) {
                replay(subscription);
                return;
            }
            subscription.expectScan();
        } finally {
            lock.unlock();
        }
        catchUp.enlist(subscription);
    }

    private void replay(Subscription subscription) {
        SessionWindow window = windows.getOrDefault(subscription.key(), SessionWindow.EMPTY);
        TailEntry newest = window.newest();
        if (subscription.replay(window.entries(), position, newest == null ? null : TailPosition.after(newest))) {
            live.computeIfAbsent(subscription.key(), _ -> new ArrayList<>()).add(subscription);
        }
    }

    private void feedLive(TailEntry entry) {
        List<Subscription> readers = live.get(entry.key());
        if (readers == null) {
            return;
        }
        for (Iterator<Subscription> each = readers.iterator(); each.hasNext();) {
            if (!each.next().offerLive(entry)) {
                each.remove();
            }
        }
        if (readers.isEmpty()) {
            live.remove(entry.key());
        }
    }

    private void evict() {
        while (ringBytes > ringBytesMax) {
            TailEntry oldest = ring.pollFirst();
            ringBytes -= oldest.cost();
            ringStart = oldest.offset() + 1;
            SessionWindow window = windows.get(oldest.key());
            window.removeOldest();
            if (window.isEmpty()) {
                windows.remove(oldest.key());
            }
        }
    }

    private long ringStart() {
        lock.lock();
        try {
            return ringStart;
        } finally {
            lock.unlock();
        }
    }
}
