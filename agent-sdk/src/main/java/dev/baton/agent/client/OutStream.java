package dev.baton.agent.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;

import dev.baton.agent.http.BackOff;
import dev.baton.agent.http.HttpCalls;
import dev.baton.agent.http.SilenceWatch;
import dev.baton.agent.session.LogRecord;
import dev.baton.agent.session.Session;
import dev.baton.agent.session.SseFrame;
import dev.baton.agent.session.SseReader;

/**
 * Reads {@code .out} from a cursor over as many connections as it takes (contract §5.3): each one resumes after the last
 * record that was read. Five in a row that bring nothing are the end. One thread reads; {@link #close()} may come from
 * another one and ends a read that waits.
 */
final class OutStream implements AutoCloseable {
    private static final int FRUITLESS_MAX = 5;
    private static final Duration PAUSE_FIRST = Duration.ofMillis(100);
    private static final Duration PAUSE_MOST = Duration.ofSeconds(5);
    private static final String TIMEOUT_SECONDS = "120";
    private static final String SETTLED = "X-Session-Settled";

    private final HttpCalls calls;
    private final Supplier<HttpRequest.Builder> request;
    private final Patience patience;
    private final BackOff backOff = new BackOff(PAUSE_FIRST, PAUSE_MOST, PAUSE_FIRST);
    private final Deque<LogRecord> arrived = new ArrayDeque<>();
    private long cursor;
    private int fruitless;
    private boolean settled;
    private SilenceWatch.Watched watch;
    private volatile SseReader reader;
    private volatile boolean closed;

    /** How long it waits while nothing comes. */
    enum Patience {
        /** A turn runs: connections that bring nothing mean that nobody answers. */
        FOR_A_TURN,
        /** The same, but the server lets go at once when the conversation is settled: nothing would come. */
        UNTIL_SETTLED,
        /** A connection whose time is over is followed by another one, for ever; only failures in a row are the end. */
        WITHOUT_END
    }

    OutStream(HttpCalls calls, Supplier<HttpRequest.Builder> request, long afterSeq, Patience patience) {
        this.calls = calls;
        this.request = request;
        this.cursor = afterSeq;
        this.patience = patience;
    }

    /**
     * The next record; empty when the conversation is settled, or this was closed.
     *
     * @throws ChatInterruptedException when connections bring nothing any more
     * @throws dev.baton.agent.http.CallRefusedException when the server refuses to tell
     */
    Optional<LogRecord> next() throws InterruptedException {
        while (arrived.isEmpty()) {
            if (closed) {
                return Optional.empty();
            }
            Optional<IOException> failure = readOn();
            if (reader == null && arrived.isEmpty()) {
                if (settled || closed) {
                    return Optional.empty();
                }
                comeBack(failure);
            }
        }
        LogRecord record = arrived.poll();
        cursor = record.seq();
        return Optional.of(record);
    }

    private void comeBack(Optional<IOException> failure) throws InterruptedException {
        if (patience == Patience.WITHOUT_END && failure.isEmpty()) {
            return;
        }
        fruitless++;
        if (fruitless > FRUITLESS_MAX) {
            throw new ChatInterruptedException("expected the turn to complete, but the stream ended " + FRUITLESS_MAX
                    + " times in a row without a record", failure.orElse(null));
        }
        backOff.pause();
    }

    /** One frame, or the end of the connection: then there is no reader. */
    private Optional<IOException> readOn() throws InterruptedException {
        try {
            if (reader == null) {
                open();
            }
            Optional<SseFrame> frame = reader.next();
            watch.heard();
            switch (frame.orElseGet(SseFrame.Done::new)) {
                case SseFrame.Batch batch -> batch.records().forEach(this::arrive);
                case SseFrame.Ping _ -> {
                }
                case SseFrame.Broken _,SseFrame.Done _ -> hangUp();
            }
            return Optional.empty();
        } catch (IOException e) {
            hangUp();
            return Optional.of(e);
        }
    }

    /** A connection that resumes may bring a record again. */
    private void arrive(LogRecord record) {
        if (record.seq() > cursor && (arrived.isEmpty() || record.seq() > arrived.peekLast().seq())) {
            arrived.add(record);
            fruitless = 0;
            backOff.reset();
        }
    }

    private void open() throws IOException, InterruptedException {
        HttpRequest.Builder builder = request.get().header("Accept", "text/event-stream").header("Timeout-Seconds",
                TIMEOUT_SECONDS);
        if (cursor != Session.FROM_START) {
            builder.header("Last-Event-ID", Long.toString(cursor));
        }
        if (patience == Patience.UNTIL_SETTLED) {
            builder.header("X-Peek-Settled", "1");
        }
        HttpResponse<InputStream> answer = calls.open(builder.GET().build());
        if (HttpCalls.passing(answer.statusCode())) {
            answer.body().close();
            throw new IOException("the server answers " + answer.statusCode());
        }
        settled = answer.headers().firstValue(SETTLED).isPresent();
        reader = new SseReader(HttpCalls.accepted(answer).body());
        watch = calls.silence().over(reader::close);
        if (closed) {
            hangUp();
            throw new IOException("closed");
        }
    }

    private void hangUp() {
        SseReader open = reader;
        reader = null;
        if (open != null) {
            watch.close();
            closeQuietly(open);
        }
    }

    private static void closeQuietly(SseReader open) {
        try {
            open.close();
        } catch (IOException _) {
            // It is broken already.
        }
    }

    @Override
    public void close() {
        closed = true;
        SseReader open = reader;
        if (open != null) {
            closeQuietly(open);
        }
    }
}
