package dev.baton.agent.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.baton.wire.channel.ChannelRecord;

/**
 * The ordered sender of one run: a record is sent at once when nothing is in flight, and whatever is written while a
 * batch is in flight goes out together as the next one. So a token waits for at most one round trip, and a fast writer
 * needs few of them.
 *
 * <p>A thread of its own appends while there is something to append, and only then; the run's thread writes. When a batch fails,
 * the failure stays: every later call throws it. If the process dies, what was not flushed is lost, which is why a turn is complete only after
 * {@link #flush()}.
 */
public final class OutSender implements AutoCloseable {
    /** What the write surface takes in one batch (contract §2.6). */
    static final int BATCH_RECORDS_MAX = 1_000;
    static final long BATCH_BYTES_MAX = 1_048_576;
    /** A writer that is further ahead than this waits. */
    static final long BUFFER_BYTES_MAX = 4 * BATCH_BYTES_MAX;

    private final OutAppender appender;
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // All below: guarded by the lock.
    private final Deque<OutgoingRecord> buffer = new ArrayDeque<>();
    private long bufferBytes;
    /** Present while something is buffered or in flight. */
    private Optional<Thread> thread = Optional.empty();
    private long lastSeq = Session.FROM_START;
    private RuntimeException failure;

    public OutSender(OutAppender appender, String name) {
        this.appender = appender;
        this.name = "out-" + name;
    }

    /**
     * Hands a record over; waits only while the buffer is full.
     *
     * @throws IllegalArgumentException when the record is larger than a record may be; nothing is sent then
     */
    public void send(OutgoingRecord record) throws InterruptedException {
        long bytes = record.record().meteredBytes();
        if (bytes > ChannelRecord.METERED_BYTES_MAX) {
            throw new IllegalArgumentException("expected a chunk of at most " + ChannelRecord.METERED_BYTES_MAX
                    + " bytes, but it has " + bytes + ": split it into smaller parts");
        }
        lock.lockInterruptibly();
        try {
            while (failure == null && bufferBytes + bytes > BUFFER_BYTES_MAX) {
                changed.await();
            }
            throwFailure();
            buffer.add(record);
            bufferBytes += bytes;
            if (thread.isEmpty()) {
                thread = Optional.of(Thread.ofVirtual().name(name).start(this::sendAll));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns when everything that was handed over is stored: seq of the last record, −1 when this sender has sent none. */
    public long flush() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (failure == null && thread.isPresent()) {
                changed.await();
            }
            throwFailure();
            return lastSeq;
        } finally {
            lock.unlock();
        }
    }

    private void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }

    private void sendAll() {
        try {
            for (List<OutgoingRecord> batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
                landed(appender.append(batch));
            }
        } catch (InterruptedException _) {
            fail(new IllegalStateException("the sender of this run was interrupted"));
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** Empty when there is nothing to send: then this thread is no longer the one that sends. */
    private List<OutgoingRecord> nextBatch() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            List<OutgoingRecord> batch = new ArrayList<>();
            long bytes = 0;
            while (!buffer.isEmpty() && batch.size() < BATCH_RECORDS_MAX
                    && bytes + buffer.peek().record().meteredBytes() <= BATCH_BYTES_MAX) {
                bytes += buffer.peek().record().meteredBytes();
                batch.add(buffer.poll());
            }
            bufferBytes -= bytes;
            if (batch.isEmpty()) {
                thread = Optional.empty();
            }
            changed.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void landed(long newLastSeq) {
        lock.lock();
        try {
            lastSeq = newLastSeq;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail(RuntimeException reason) {
        lock.lock();
        try {
            failure = failure == null ? reason : failure;
            thread = Optional.empty();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Stops at once; what is buffered is dropped. */
    @Override
    public void close() {
        lock.lock();
        try {
            failure = failure == null ? new IllegalStateException("the sender of this run is closed") : failure;
            thread.ifPresent(Thread::interrupt);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
