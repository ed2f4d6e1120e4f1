package dev.baton.system.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * One open SSE stream (contract §2.2). A thread of its own reads frames as they come and keeps everything; tests wait
 * for what they expect, with a deadline, and read at leisure.
 */
public final class SseConnection implements AutoCloseable {
    private static final Duration HEADERS_PATIENCE = Duration.ofSeconds(10);

    /**
     * One frame, as it came.
     *
     * @param event its name, null where there is none
     * @param id null where there is none
     * @param dataLines number of {@code data:} lines
     */
    public record Frame(String event, String id, String data, int dataLines) {}

    private final HttpResponse<InputStream> response;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by {@link #lock}. */
    private final List<Frame> frames = new ArrayList<>();
    /** Guarded by {@link #lock}: the records of all batch frames. */
    private final List<StreamRecord> records = new ArrayList<>();
    /** Guarded by {@link #lock}. */
    private boolean ended;

    private SseConnection(HttpResponse<InputStream> response) {
        this.response = response;
    }

    /** Returns when the headers are there, which may not wait for data. */
    static SseConnection open(HttpClient http, HttpRequest request) {
        try {
            HttpRequest withDeadline = HttpRequest.newBuilder(request, (name, value) -> true).timeout(HEADERS_PATIENCE)
                    .build();
            SseConnection connection = new SseConnection(http.send(withDeadline, BodyHandlers.ofInputStream()));
            if (connection.status() != 200) {
                // What comes is an error and no frame.
                connection.ended = true;
                return connection;
            }
            Thread.ofVirtual().start(connection::read);
            return connection;
        } catch (IOException e) {
            throw new UncheckedIOException("GET " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while opening a stream", e);
        }
    }

    public int status() {
        return response.statusCode();
    }

    public HttpHeaders headers() {
        return response.headers();
    }

    public List<StreamRecord> records() {
        return locked(() -> List.copyOf(records));
    }

    public List<Frame> frames() {
        return locked(() -> List.copyOf(frames));
    }

    /** Waits until the records so far satisfy the condition and returns them. */
    public List<StreamRecord> awaitRecords(String what, Duration patience, Predicate<List<StreamRecord>> condition) {
        await(what, patience, () -> condition.test(records));
        return records();
    }

    /** Waits until so many turns are complete on this connection. */
    public List<StreamRecord> awaitTurns(int turns, Duration patience) {
        return awaitRecords(turns + " complete turns", patience,
                all -> all.stream().filter(StreamRecord::isTurnComplete).count() >= turns);
    }

    public void awaitFrame(String what, Duration patience, Predicate<Frame> condition) {
        await(what, patience, () -> frames.stream().anyMatch(condition));
    }

    /** Waits until the server has ended the stream and returns all its records. */
    public List<StreamRecord> awaitEnd(Duration patience) {
        await("the end of the stream", patience, () -> ended);
        return records();
    }

    /** The seq of the newest record, or the given one when there is none: what a client keeps as its cursor. */
    public long cursor(long otherwise) {
        List<StreamRecord> seen = records();
        return seen.isEmpty() ? otherwise : seen.getLast().seq();
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Look<T> {
        T see();
    }

    private <T> T locked(Look<T> look) {
        lock.lock();
        try {
            return look.see();
        } finally {
            lock.unlock();
        }
    }

    private void await(String what, Duration patience, Look<Boolean> condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            while (!condition.see()) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || ended) {
                    throw new AssertionError("expected " + what + " within " + patience + ", but "
                            + (ended ? "the stream ended" : "it did not come") + " after " + frames.size()
                            + " frames; records: " + records);
                }
                changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + what, e);
        } finally {
            lock.unlock();
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            FrameLines frame = new FrameLines();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty()) {
                    frame.add(line);
                } else if (!frame.isEmpty()) {
                    accept(frame.frame());
                    frame = new FrameLines();
                }
            }
        } catch (IOException e) {
            // Closed from either side, or the server was killed: the end, like any other.
            locked(() -> ended = true);
        } finally {
            locked(() -> {
                ended = true;
                changed.signalAll();
                return ended;
            });
        }
    }

    private void accept(Frame frame) {
        List<StreamRecord> added = "batch".equals(frame.event()) ? StreamRecord.ofBatch(frame.data()) : List.of();
        locked(() -> {
            frames.add(frame);
            records.addAll(added);
            changed.signalAll();
            return added;
        });
    }

    /** The lines of the frame that is being read; used by the reading thread only. */
    private static final class FrameLines {
        private String event;
        private String id;
        private final List<String> data = new ArrayList<>();
        private boolean empty = true;

        void add(String line) {
            empty = false;
            int colon = line.indexOf(':');
            String name = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1).stripLeading();
            switch (name) {
                case "event" -> event = value;
                case "id" -> id = value;
                case "data" -> data.add(value);
                default -> throw new AssertionError("expected event, id or data, but the stream says: " + line);
            }
        }

        boolean isEmpty() {
            return empty;
        }

        Frame frame() {
            return new Frame(event, id, String.join("\n", data), data.size());
        }
    }
}
