package dev.baton.ingress.facade;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.ingress.command.NoReplyException;
import dev.baton.ingress.log.LogUnavailableException;

/**
 * One open append session (contract §2.6 A): reads frames and hands their batches to the log without waiting, while
 * another thread acknowledges them in the same order. When a batch is refused or fails, everything before it is
 * acknowledged and a terminal frame ends the session; what came after it may be stored, and the client sends it again.
 *
 * <p>Threads: {@link #run} reads on the thread of its request and starts one virtual thread that writes; {@link #stop}
 * comes from any thread. A reader that must end is interrupted, but only while it waits for the client: a batch is
 * always handed over as a whole.
 */
public final class AppendSession {
    /** Batches that wait for their acknowledgement; beyond that the client is not read. */
    static final int IN_FLIGHT_MAX = 128;
    /** How long a client has to end its half after a terminal frame. */
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(AppendSession.class);

    /** What the reading side tells the writing side. The last one of a session is no batch. */
    private sealed interface Step {
        record Batch(StreamWriter.Begun begun) implements Step {}

        record Refusal(FacadeFailure failure) implements Step {}

        record End() implements Step {}
    }

    private final StreamWriter writer;
    private final S2sFrames frames;
    private final OutputStream out;
    private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(IN_FLIGHT_MAX);

    private final ReentrantLock lock = new ReentrantLock();
    /** The thread that waits for the client now, null when it does not. Guarded, like the two below. */
    private Thread waiting;
    private boolean stopping;
    private boolean over;
    private boolean refused;

    public AppendSession(StreamWriter writer, InputStream in, OutputStream out) {
        this.writer = writer;
        this.frames = new S2sFrames(in);
        this.out = out;
    }

    /** Returns when everything is acknowledged that ever will be; the response can be closed then. */
    public void run() throws InterruptedException {
        Thread acknowledging = Thread.ofVirtual().name("ingress-append-acks").start(this::acknowledgeAll);
        try {
            steps.put(readAll());
            acknowledging.join();
            linger();
        } catch (InterruptedException e) {
            acknowledging.interrupt();
            throw e;
        }
    }

    /**
     * A response that ends before its request resets the stream, and there are clients that drop what they have not read by then:
     * the terminal frame. So a client that was refused may end its half first.
     */
    private void linger() {
        lock.lock();
        try {
            if (!refused || stopping) {
                return;
            }
            waiting = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        Thread timer = Thread.ofVirtual().name("ingress-append-linger").start(this::endLinger);
        try {
            frames.discard();
        } catch (IOException e) {
            LOG.debug("append session lingered to its end: {}", e.toString());
        } finally {
            timer.interrupt();
            endWait();
        }
    }

    private void endLinger() {
        try {
            Thread.sleep(LINGER);
            endReading();
        } catch (InterruptedException _) {
            LOG.trace("the client has ended its half");
        }
    }

    /** Reads no further frame: what was read is acknowledged, then the client is told to go elsewhere. */
    public void stop() {
        lock.lock();
        try {
            stopping = true;
            wakeReader();
        } finally {
            lock.unlock();
        }
    }

    private Step readAll() throws InterruptedException {
        try {
            for (Optional<byte[]> frame = next(); frame.isPresent(); frame = next()) {
                steps.put(new Step.Batch(writer.begin(AppendMessages.batch(frame.get()))));
            }
            return ended();
        } catch (EOFException _) {
            return new Step.Refusal(FacadeFailure.invalid("The stream ended inside a frame"));
        } catch (IOException e) {
            // The client went away, was silent for too long, or we interrupted the wait for it.
            LOG.debug("append session ended: {}", e.toString());
            return ended();
        } catch (RuntimeException e) {
            return new Step.Refusal(failure(e));
        }
    }

    private Step ended() {
        lock.lock();
        try {
            return stopping ? new Step.Refusal(FacadeFailure.stopping()) : new Step.End();
        } finally {
            lock.unlock();
        }
    }

    /** Empty when the client has ended its half or the session is over. */
    private Optional<byte[]> next() throws IOException {
        if (!beginWait()) {
            return Optional.empty();
        }
        try {
            return frames.next();
        } finally {
            endWait();
        }
    }

    private boolean beginWait() {
        lock.lock();
        try {
            waiting = stopping || over ? null : Thread.currentThread();
            return waiting != null;
        } finally {
            lock.unlock();
        }
    }

    private void endWait() {
        lock.lock();
        try {
            waiting = null;
            if (stopping || over) {
                // The interrupt was meant for the wait; what follows must not see it.
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    private void wakeReader() {
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    private void acknowledgeAll() {
        try {
            boolean writable = true;
            boolean more = true;
            while (more) {
                Step step = steps.take();
                more = step instanceof Step.Batch;
                if (writable && !acknowledge(step)) {
                    // The queue is still emptied, so that the reader does not wait for a place in it.
                    writable = false;
                    endReading();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void endReading() {
        lock.lock();
        try {
            over = true;
            wakeReader();
        } finally {
            lock.unlock();
        }
    }

    /** @return whether the session goes on */
    private boolean acknowledge(Step step) {
        try {
            return switch (step) {
                case Step.Batch batch -> {
                    write(S2sFrames.frame(AppendMessages.acknowledgement(writer.finish(batch.begun()))));
                    yield true;
                }
                case Step.Refusal refusal -> terminate(refusal.failure());
                case Step.End _ -> true;
            };
        } catch (IOException e) {
            LOG.debug("append session ended by its client: {}", e.toString());
            return false;
        } catch (RuntimeException e) {
            return terminate(failure(e));
        }
    }

    private boolean terminate(FacadeFailure failure) {
        try {
            write(S2sFrames.terminal(failure));
            markRefused();
        } catch (IOException e) {
            LOG.debug("append session ended by its client: {}", e.toString());
        }
        return false;
    }

    private void markRefused() {
        lock.lock();
        try {
            refused = true;
        } finally {
            lock.unlock();
        }
    }

    private void write(byte[] frame) throws IOException {
        out.write(frame);
        out.flush();
    }

    private static FacadeFailure failure(RuntimeException e) {
        return switch (e) {
            case FacadeFailure refused -> refused;
            case LogUnavailableException unavailable -> {
                LOG.warn("append session ended, log unavailable: {}", unavailable.getMessage());
                yield FacadeFailure.unavailable();
            }
            case NoReplyException unanswered -> {
                LOG.warn("append session ended, no decision: {}", unanswered.getMessage());
                yield FacadeFailure.unavailable();
            }
            case RuntimeException unexpected -> {
                LOG.error("append session failed", unexpected);
                yield FacadeFailure.unhandled();
            }
        };
    }
}
