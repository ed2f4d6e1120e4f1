package dev.baton.agent.http;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections on which nothing comes any more: a peer that is gone sends neither pings nor an end. One thread looks after all
 * connections of a worker, because ten thousand of them may be idle.
 */
public final class SilenceWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SilenceWatch.class);
    /** Pings come about every 5 s. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final Thread thread = Thread.ofVirtual().name("silence-watch").start(this::look);

    SilenceWatch() {}

    /** A connection that is looked after until it says that it is over. */
    public final class Watched implements AutoCloseable {
        private final Closeable connection;
        private volatile long heardNanos = System.nanoTime();

        private Watched(Closeable connection) {
            this.connection = connection;
        }

        /** Something came. */
        public void heard() {
            heardNanos = System.nanoTime();
        }

        private boolean isSilent() {
            return System.nanoTime() - heardNanos > SILENCE_MAX.toNanos();
        }

        /** It needs no looking after any more; the connection is left as it is. */
        @Override
        public void close() {
            watched.remove(this);
        }
    }

    /** @param connection closed when nothing is heard of it, by another thread */
    public Watched over(Closeable connection) {
        Watched entry = new Watched(connection);
        watched.add(entry);
        return entry;
    }

    private void look() {
        try {
            while (true) {
                Thread.sleep(LOOK);
                watched.stream().filter(Watched::isSilent).forEach(this::end);
            }
        } catch (InterruptedException _) {
            LOG.trace("nobody is connected any more");
        }
    }

    private void end(Watched silent) {
        silent.close();
        try {
            silent.connection.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("could not close a silent connection");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
