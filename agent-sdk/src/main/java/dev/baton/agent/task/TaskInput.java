package dev.baton.agent.task;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import dev.baton.agent.session.LogRecord;

/**
 * The {@code .in} of one run (features #98): every record once, in order, to whoever asks for it first or to the one handler. What was handed
 * out counts as dealt with when the run settles or ends.
 */
public final class TaskInput {
    /** A reader that is further ahead than this waits; the server keeps the rest. */
    private static final int RECORDS_MAX = 1_000;

    private final Consumer<Boolean> waiting;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // All below: guarded by the lock.
    private final Deque<LogRecord> queue = new ArrayDeque<>();
    private Optional<Thread> handler = Optional.empty();
    private long lastSeq;
    private boolean draining;
    private boolean closed;

    /** Code that is called for every record, by a virtual thread, one at a time. */
    @FunctionalInterface
    public interface Handler {
        /** What it throws is thrown by {@link Subscription#close}; no record is handed to it after that. */
        void on(LogRecord record) throws Exception;
    }

    /** What calls a handler. */
    public interface Subscription extends AutoCloseable {
        /**
         * Returns when the handler is not called any more.
         *
         * @throws TaskHandlerException when it threw
         */
        @Override
        void close();
    }

    TaskInput(long settledSeq, Consumer<Boolean> waiting) {
        this.lastSeq = settledSeq;
        this.waiting = waiting;
    }

    /** Adds what arrived; waits while there is too much. */
    void offer(LogRecord record) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (queue.size() >= RECORDS_MAX && !closed) {
                changed.await();
            }
            waiting.accept(false);
            queue.add(record);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next record; waits for it. Meanwhile the run counts as busy: for short waits.
     *
     * @return empty when the time is over, or when the worker stops
     */
    public Optional<LogRecord> once(Duration timeout) throws InterruptedException {
        return next(timeout, false);
    }

    /**
     * As {@link #once}, but the run counts as waiting meanwhile: it takes no place of a limit, and the time not of {@code maxDuration}.
     * It is a parked virtual thread and costs next to nothing.
     */
    public Optional<LogRecord> await(Duration timeout) throws InterruptedException {
        return next(timeout, true);
    }

    /** The next record, which stays the next one; empty when none has arrived. */
    public Optional<LogRecord> peek() {
        lock.lock();
        try {
            return Optional.ofNullable(queue.peek());
        } finally {
            lock.unlock();
        }
    }

    /** Seq of the last record that was handed out, or of the last one that was settled before this run; −1 for none. */
    public long lastSeq() {
        lock.lock();
        try {
            return lastSeq;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands all records to a handler, those that have arrived first. Close it before the code of the task returns.
     *
     * @throws IllegalStateException when there is a handler already
     */
    public Subscription on(Handler newHandler) {
        lock.lock();
        try {
            requireNoHandler("another handler");
            TaskHandling handling = new TaskHandling(this, newHandler);
            handler = Optional.of(handling.thread());
            handling.thread().start();
            return handling;
        } finally {
            lock.unlock();
        }
    }

    private Optional<LogRecord> next(Duration timeout, boolean reportsWaiting) throws InterruptedException {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("expected a timeout of 0 or more, but was " + timeout
                    + ": 0 looks without waiting");
        }
        lock.lockInterruptibly();
        try {
            requireNoHandler("a read");
            return take(timeout.toNanos(), reportsWaiting);
        } finally {
            waiting.accept(false);
            lock.unlock();
        }
    }

    /** For the handler's own thread. */
    Optional<LogRecord> takeForHandler() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return take(Long.MAX_VALUE, true);
        } finally {
            waiting.accept(false);
            lock.unlock();
        }
    }

    private Optional<LogRecord> take(long nanos, boolean reportsWaiting) throws InterruptedException {
        long left = nanos;
        while (queue.isEmpty() && left > 0 && !draining && !closed) {
            waiting.accept(reportsWaiting);
            left = changed.awaitNanos(left);
        }
        if (closed) {
            throw new TaskOverException("a read of .in");
        }
        Optional<LogRecord> record = draining ? Optional.empty() : Optional.ofNullable(queue.poll());
        record.ifPresent(taken -> lastSeq = taken.seq());
        changed.signalAll();
        return record;
    }

    private void requireNoHandler(String wanted) {
        if (closed) {
            throw new TaskOverException(wanted);
        }
        if (handler.isPresent()) {
            throw new IllegalStateException("expected no handler of .in beside " + wanted
                    + ", but there is one: close its subscription first");
        }
    }

    void handlerEnded() {
        lock.lock();
        try {
            handler = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** The worker stops: nothing is handed out any more. */
    void drain() {
        lock.lock();
        try {
            draining = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            handler.ifPresent(Thread::interrupt);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

}
