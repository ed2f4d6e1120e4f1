package dev.baton.ingress.tail;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.baton.wire.channel.FenceLevel;
import dev.baton.wire.session.SessionKey;

/**
 * One reader of one session's channel. It gets every visible record behind its cursor exactly once, in order, wherever
 * the record comes from:
 *
 * <pre>
 *   REPLAY ── next offset is older than the ring ──▶ SCAN   (a shared catch-up pass feeds the queue)
 *   SCAN   ── pass reached the ring, or queue full ──▶ REPLAY
 *   REPLAY ── ring exhausted ──▶ LIVE   (the tail's thread feeds the queue)   or finished, when it does not wait
 *   LIVE   ── queue full ──▶ broken: a slow reader comes back by cursor, nobody waits for it (design D6)
 * </pre>
 *
 * <p>Threads: {@link #take} is called by the one thread of the stream; the tail's thread and a catch-up pass offer
 * records. {@code next} is the first offset that was not offered yet: it moves under the lock together with the queue,
 * which is what makes every hand-over free of gaps and duplicates. Lock order: the tail's lock, then this one.
 */
public final class Subscription implements DeliverySource, AutoCloseable {
    /** Records that wait for a slow reader; one record larger than this still passes alone. */
    static final long QUEUE_BYTES_MAX = 1024 * 1024;
    /** Records handed out at once. */
    static final long DELIVERY_BYTES_MAX = 256 * 1024;

    private enum Phase {
        REPLAY,
        SCAN,
        LIVE
    }

    private final PartitionTail tail;
    private final SessionKey key;
    private final long afterSeq;
    private final boolean waits;
    private final FenceLevel fences;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<TailEntry> queue = new ArrayDeque<>();
    private long queuedBytes;
    private Phase phase = Phase.REPLAY;
    private long next;
    private TailPosition lastQueued;
    /** End of the channel as the ring knows it, null when unknown. */
    private TailPosition newest;
    private Delivery end;

    Subscription(PartitionTail tail, ReadPlan plan) {
        this.tail = tail;
        this.key = plan.key();
        this.afterSeq = plan.afterSeq();
        this.waits = plan.waits();
        this.fences = new FenceLevel(plan.fenceLevel());
        this.next = plan.fromOffset();
    }

    public SessionKey key() {
        return key;
    }

    @Override
    public Delivery take(Duration maxWait) throws InterruptedException {
        long deadline = System.nanoTime() + maxWait.toNanos();
        while (true) {
            Optional<Delivery> delivery = await(deadline);
            if (delivery.isPresent()) {
                return delivery.get();
            }
            tail.pull(this);
        }
    }

    /** Ends this reader without a reason; idempotent. */
    @Override
    public void close() {
        tail.release(this, new Delivery.Finished());
    }

    private Optional<Delivery> await(long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (!queue.isEmpty()) {
                    return Optional.of(drain());
                }
                if (end != null) {
                    return Optional.of(end);
                }
                if (phase == Phase.REPLAY) {
                    return Optional.empty();
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return Optional.of(new Delivery.Silence(phase == Phase.LIVE, newest));
                }
                changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private Delivery drain() {
        List<TailEntry> entries = new ArrayList<>();
        long bytes = 0;
        while (!queue.isEmpty() && (entries.isEmpty() || bytes + queue.peekFirst().cost() <= DELIVERY_BYTES_MAX)) {
            TailEntry entry = queue.pollFirst();
            bytes += entry.cost();
            entries.add(entry);
        }
        queuedBytes -= bytes;
        // While a pass is under way nobody knows yet what of the session lies between it and the ring.
        boolean known = newest != null && newest.seqNum() > entries.getLast().seq();
        return new Delivery.Records(entries, known ? newest : null);
    }

    /** First offset that this reader was not offered yet. */
    OptionalLong next() {
        lock.lock();
        try {
            return end == null ? OptionalLong.of(next) : OptionalLong.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Tail's lock held. The reader now waits for a catch-up pass. */
    void expectScan() {
        lock.lock();
        try {
            phase = Phase.SCAN;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tail's lock held. Takes what the ring has; what does not fit stays for the next call.
     *
     * @return whether the ring is exhausted and the reader is live from here on
     */
    boolean replay(Collection<TailEntry> entries, long tailPosition, TailPosition newestInRing) {
        lock.lock();
        try {
            if (end != null) {
                return false;
            }
            note(newestInRing);
            for (TailEntry entry : entries) {
                if (!accept(entry)) {
                    return false;
                }
            }
            next = Math.max(next, tailPosition);
            note(lastQueued);
            if (!waits) {
                end = new Delivery.Finished();
                return false;
            }
            phase = Phase.LIVE;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Tail's thread. @return false when the queue was full: the reader is broken and must be forgotten */
    boolean offerLive(TailEntry entry) {
        lock.lock();
        try {
            if (accept(entry)) {
                changed.signalAll();
                return true;
            }
            finish(new Delivery.Broken("reader too slow: come back with your cursor"));
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Catch-up pass. @return false when the reader leaves this pass: its queue is full, or it ended */
    boolean offerScanned(TailEntry entry) {
        lock.lock();
        try {
            if (phase != Phase.SCAN || end != null) {
                return false;
            }
            boolean accepted = accept(entry);
            if (!accepted) {
                phase = Phase.REPLAY;
            }
            changed.signalAll();
            return accepted;
        } finally {
            lock.unlock();
        }
    }

    /** Catch-up pass: everything before this offset was offered. */
    void scannedUpTo(long offset) {
        lock.lock();
        try {
            if (phase == Phase.SCAN) {
                next = Math.max(next, offset);
                phase = Phase.REPLAY;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void end(Delivery with) {
        lock.lock();
        try {
            finish(with);
        } finally {
            lock.unlock();
        }
    }

    private void finish(Delivery with) {
        if (end == null) {
            end = with;
            changed.signalAll();
        }
    }

    /** Own lock held. False leaves everything as it was, so that the same record can be offered again. */
    private boolean accept(TailEntry entry) {
        if (entry.offset() < next) {
            return true;
        }
        boolean candidate = entry.isFor(afterSeq);
        if (candidate && !queue.isEmpty() && queuedBytes + entry.cost() > QUEUE_BYTES_MAX) {
            return false;
        }
        next = entry.offset() + 1;
        if (fences.admits(entry.fence(), entry.generation()) && candidate) {
            queue.addLast(entry);
            queuedBytes += entry.cost();
            lastQueued = TailPosition.after(entry);
            if (phase != Phase.SCAN) {
                note(lastQueued);
            }
        }
        return true;
    }

    private void note(TailPosition position) {
        if (position != null && (newest == null || position.seqNum() > newest.seqNum())) {
            newest = position;
        }
    }
}
