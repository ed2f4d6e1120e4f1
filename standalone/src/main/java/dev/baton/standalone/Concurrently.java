package dev.baton.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import ch.qos.logback.classic.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and stops parts side by side: half of a start is waiting, and there are two cores at least. */
final class Concurrently {
    private static final Logger LOG = LoggerFactory.getLogger(Concurrently.class);

    private Concurrently() {}

    /** A part that is being started on a thread of its own. */
    static final class Part<T extends AutoCloseable> {
        private final FutureTask<T> task;

        private Part(FutureTask<T> task) {
            this.task = task;
        }

        /** Waits for the part; null when it was not wanted. */
        T get() throws Exception {
            try {
                return task.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** Parts that run and that are stopped side by side. */
    record Layer(List<AutoCloseable> parts) implements AutoCloseable {
        /** Waits until all have stopped; one that fails to is logged and does not keep the others from it. */
        @Override
        public void close() {
            expectLostConnections();
            List<Thread> closing = parts.stream()
                    .map(part -> Thread.ofPlatform().daemon().name("closing").start(() -> closeOne(part))).toList();
            for (Thread thread : closing) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }

        /** A layer stops when everything does, also after a start that failed: Kafka's warnings then tell nobody anything. */
        private static void expectLostConnections() {
            for (String name : List.of("kafka", "org.apache.kafka")) {
                if (LoggerFactory.getLogger(name) instanceof ch.qos.logback.classic.Logger logger) {
                    logger.setLevel(Level.ERROR);
                }
            }
        }

        private static void closeOne(AutoCloseable part) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not stop cleanly: {}", part.getClass().getSimpleName(), e.toString());
            }
        }
    }

    /** @param wanted false for a part that is left out */
    static <T extends AutoCloseable> Part<T> start(boolean wanted, Callable<T> starter) {
        FutureTask<T> task = new FutureTask<>(wanted ? starter : () -> null);
        Thread.ofPlatform().daemon().name("starting").start(task);
        return new Part<>(task);
    }

    /**
     * Waits for all parts.
     *
     * @throws Exception of the first part that failed, after the others were stopped
     */
    static Layer layer(Part<?>... parts) throws Exception {
        List<AutoCloseable> started = new ArrayList<>();
        Exception failure = null;
        for (Part<?> part : parts) {
            try {
                AutoCloseable one = part.get();
                if (one != null) {
                    started.add(one);
                }
            } catch (Exception e) {
                failure = failure == null ? e : failure;
            }
        }
        Layer layer = new Layer(List.copyOf(started));
        if (failure != null) {
            layer.close();
            throw failure;
        }
        return layer;
    }
}
