package dev.baton.system.cluster;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Patience;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.StreamRecord;

import static org.awaitility.Awaitility.await;

/** Reads a session's {@code .out} as a browser does: one connection after the other, each one from the last cursor. */
final class Follower {
    private static final String TIMEOUT_SECONDS = "10";
    /** A stream that hangs is noticed at the latest then. */
    private static final Duration CONNECTION_MAX = Duration.ofSeconds(20);

    private static final Duration RETRY = Duration.ofMillis(300);

    private final BatonClient baton;
    private final String path;
    private final String who;
    private final History history;
    private final Thread thread;
    /** Guarded by this. */
    private final List<StreamRecord> records = new ArrayList<>();
    /** The connection of the moment, null before the first. */
    private volatile SseConnection open;
    private volatile boolean closed;

    private Follower(BatonClient baton, String path, String who, History history) {
        this.baton = baton;
        this.path = path;
        this.who = who;
        this.history = history;
        this.thread = Thread.ofVirtual().name("follow-" + who).unstarted(this::follow);
    }

    static Follower start(BatonClient baton, String chatId, History history) {
        Follower follower = new Follower(baton, BatonClient.channel(chatId, "out", ""), chatId, history);
        follower.thread.start();
        return follower;
    }

    private void follow() {
        while (!closed) {
            read(CONNECTION_MAX, "Timeout-Seconds", TIMEOUT_SECONDS);
        }
    }

    /** One connection from the last cursor; whether it was there and was ended by the server. */
    private boolean read(Duration most, String... headers) {
        try (SseConnection connection = open(headers)) {
            if (connection.status() != 200) {
                history.note(who, "stream refused", connection.status());
                LockSupport.parkNanos(RETRY.toNanos());
                return false;
            }
            return readToEnd(connection, most);
        } catch (UncheckedIOException e) {
            history.note(who, "no stream", e.getMessage());
            LockSupport.parkNanos(RETRY.toNanos());
            return false;
        }
    }

    private boolean readToEnd(SseConnection connection, Duration most) {
        open = connection;
        try {
            connection.awaitEnd(most);
            return true;
        } catch (AssertionError _) {
            // It went on, as streams do that have something to tell. What came by then is ours.
            return false;
        } finally {
            synchronized (this) {
                records.addAll(connection.records());
            }
        }
    }

    private SseConnection open(String... headers) {
        List<StreamRecord> seen = records();
        List<String> all = new ArrayList<>(List.of(headers));
        if (!seen.isEmpty()) {
            all.addAll(List.of("Last-Event-ID", Long.toString(seen.getLast().seq())));
        }
        return baton.stream(path, all.toArray(String[]::new));
    }

    private synchronized List<StreamRecord> records() {
        return List.copyOf(records);
    }

    /** Reads on until the session is settled; returns everything that was delivered, in order. */
    List<StreamRecord> end() throws InterruptedException {
        stop();
        thread.join();
        await("the rest of " + who).atMost(Patience.TURN)
                .until(() -> read(Patience.TURN, "X-Peek-Settled", "1", "Timeout-Seconds", "1"));
        return records();
    }

    /** Breaks off. */
    void stop() {
        closed = true;
        SseConnection current = open;
        if (current != null) {
            current.close();
        }
    }
}
