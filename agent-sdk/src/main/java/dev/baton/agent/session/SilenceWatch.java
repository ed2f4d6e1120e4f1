package dev.baton.agent.session;

import java.io.IOException;
import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a reader on which nothing comes any more: a peer that is gone sends neither pings nor an end. One for each
 * connection; its virtual thread ends with {@link #close()}.
 */
public final class SilenceWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SilenceWatch.class);
    /** Pings come about every 5 s. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    private final SseReader reader;
    private final Thread thread;
    private volatile long heardNanos = System.nanoTime();

    private SilenceWatch(SseReader reader, String name) {
        this.reader = reader;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::watch);
    }

    public static SilenceWatch over(SseReader reader, String name) {
        SilenceWatch watch = new SilenceWatch(reader, name);
        watch.thread.start();
        return watch;
    }

    /** A frame came. */
    public void heard() {
        heardNanos = System.nanoTime();
    }

    private void watch() {
        try {
            Duration silence = Duration.ZERO;
            while (silence.compareTo(SILENCE_MAX) < 0) {
                Thread.sleep(SILENCE_MAX.minus(silence));
                silence = Duration.ofNanos(System.nanoTime() - heardNanos);
            }
            reader.close();
        } catch (InterruptedException _) {
            LOG.trace("connection ended before it fell silent");
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("could not close a silent connection");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
