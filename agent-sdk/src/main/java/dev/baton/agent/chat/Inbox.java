package dev.baton.agent.chat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What came in and is not answered yet, in order. Filled by the thread that reads {@code .in}, emptied by the run's
 * thread.
 *
 * <p>A stop takes effect when it arrives: on the turn that runs, else on the one that is about to begin. It still keeps
 * its place in the queue, so that the settled seq never runs ahead of a message that waits.
 */
final class Inbox {
    /** A reader that is further ahead than this waits; the server keeps the rest. */
    static final int ENTRIES_MAX = 1_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Consumer<Boolean> waiting;
    // All below: guarded by the lock.
    private final Deque<InEntry> queue = new ArrayDeque<>();
    private long lastSeq;
    private boolean ended;
    private StopSignal running;
    private boolean stopNext;

    /**
     * @param recovered what was found waiting; stops among it belong to turns of earlier runs and are left out
     *     (features #207)
     * @param lastSeq newest seq that was seen, waiting or consumed
     * @param waiting told whether {@link #take} has nothing to do but wait; no longer as soon as there is a message for it
     */
    Inbox(Collection<? extends InEntry> recovered, long lastSeq, Consumer<Boolean> waiting) {
        queue.addAll(recovered);
        this.lastSeq = lastSeq;
        this.waiting = waiting;
    }

    /** A message to answer and the signal that would stop its turn. */
    record Taken(InEntry.Message message, StopSignal stop) {}

    /** Adds what arrived; waits while the inbox is full. */
    void offer(InEntry entry) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (queue.size() >= ENTRIES_MAX && !ended) {
                changed.await();
            }
            switch (entry) {
                case InEntry.Stop _ -> stop();
                case InEntry.Message _ -> waiting.accept(false);
                case InEntry.Unknown _ -> {
                }
            }
            queue.add(entry);
            lastSeq = entry.seq();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void stop() {
        if (running != null) {
            running.raise();
        } else {
            stopNext = queue.stream().anyMatch(InEntry.Message.class::isInstance);
        }
    }

    /**
     * The next message, and the beginning of its turn; waits for one.
     *
     * @return empty when the wait is over, or when {@link #end()} was called
     */
    Optional<Taken> take(Duration wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanosLeft = wait.toNanos();
            while (true) {
                dropConsumed();
                if (ended) {
                    return Optional.empty();
                }
                if (queue.peek() instanceof InEntry.Message message) {
                    queue.poll();
                    changed.signalAll();
                    return Optional.of(new Taken(message, begin()));
                }
                if (nanosLeft <= 0) {
                    return Optional.empty();
                }
                waiting.accept(true);
                nanosLeft = changed.awaitNanos(nanosLeft);
            }
        } finally {
            waiting.accept(false);
            lock.unlock();
        }
    }

    /** Messages of users that stand next in line: a turn may take them along. Anything else that waits is not passed over. */
    List<InEntry.Message> next() {
        lock.lock();
        try {
            List<InEntry.Message> next = new ArrayList<>();
            for (InEntry entry : queue) {
                if (!(entry instanceof InEntry.Message message)) {
                    continue;
                }
                if (!message.asksSomething()) {
                    break;
                }
                next.add(message);
            }
            return List.copyOf(next);
        } finally {
            lock.unlock();
        }
    }

    /** One of {@link #next()} is dealt with by the turn that runs. */
    void takeAlong(InEntry.Message message) {
        lock.lock();
        try {
            queue.remove(message);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private StopSignal begin() {
        running = new StopSignal();
        if (stopNext) {
            running.raise();
            stopNext = false;
        }
        return running;
    }

    /** The turn is over: stops that come from here on are not for it. */
    void turnEnded() {
        lock.lock();
        try {
            running = null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Highest seq below which nothing waits any more, apart from the message that was taken last.
     *
     * @return −1 when there is none
     */
    long settledSeq() {
        lock.lock();
        try {
            dropConsumed();
            return queue.isEmpty() ? lastSeq : queue.peek().seq() - 1;
        } finally {
            lock.unlock();
        }
    }

    private void dropConsumed() {
        while (queue.peek() instanceof InEntry.Stop || queue.peek() instanceof InEntry.Unknown) {
            queue.poll();
            changed.signalAll();
        }
    }

    /** The run should end: nothing is handed out any more. */
    void end() {
        lock.lock();
        try {
            ended = true;
            waiting.accept(false);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
