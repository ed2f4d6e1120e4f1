package dev.baton.agent.session;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.wire.json.WireJson;

/**
 * Reads the frames of a subscription from the bytes of its body. Used by one thread; {@link #close()} may come from
 * another one and ends a read that waits.
 */
public final class SseReader implements AutoCloseable {
    /** A batch is one line: at most 1000 records, 1 MiB together, and every quote doubled. With room to spare. */
    static final int LINE_CHARS_MAX = 16 * 1024 * 1024;
    private static final String DONE = "[DONE]";

    private final InputStream body;
    private final BufferedReader lines;

    public SseReader(InputStream body) {
        this.body = body;
        this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /**
     * The next frame, empty at the end of the body. A frame that was cut off is dropped: its records come again.
     *
     * @throws IOException when the connection breaks or the server sends what is no batch
     */
    public Optional<SseFrame> next() throws IOException {
        String event = "";
        StringBuilder data = null;
        String line;
        while ((line = readLine()) != null) {
            if (line.isEmpty()) {
                Optional<SseFrame> frame = data == null ? Optional.empty() : frame(event, data.toString());
                if (frame.isPresent()) {
                    return frame;
                }
                event = "";
                data = null;
            } else if (line.startsWith("event:")) {
                event = fieldValue(line, "event:");
            } else if (line.startsWith("data:")) {
                data = data == null ? new StringBuilder() : data.append('\n');
                data.append(fieldValue(line, "data:"));
            }
        }
        return Optional.empty();
    }

    /** Frames of a kind we do not know are skipped: newer servers may send more kinds. */
    private static Optional<SseFrame> frame(String event, String data) throws IOException {
        if (data.equals(DONE)) {
            return Optional.of(new SseFrame.Done());
        }
        return switch (event) {
            case "batch" -> Optional.of(batch(data));
            case "ping" -> Optional.of(new SseFrame.Ping());
            case "error" -> Optional.of(new SseFrame.Broken(data));
            default -> Optional.empty();
        };
    }

    private static SseFrame batch(String data) throws IOException {
        try {
            List<LogRecord> records = new ArrayList<>();
            for (JsonNode record : WireJson.readTree(data).path("records")) {
                records.add(LogRecord.ofFrame(record));
            }
            return new SseFrame.Batch(List.copyOf(records));
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw new IOException("expected a batch of records in a frame", e);
        }
    }

    private static String fieldValue(String line, String field) {
        String value = line.substring(field.length());
        return value.startsWith(" ") ? value.substring(1) : value;
    }

    /** A line without its end ({@code \n} or {@code \r\n}), null at the end of the body. */
    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = lines.read()) != '\n') {
            if (c < 0) {
                return null;
            }
            if (line.length() == LINE_CHARS_MAX) {
                throw new IOException("expected a line of at most " + LINE_CHARS_MAX + " characters");
            }
            line.append((char) c);
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        // The body and not the reader on top of it: a waiting read holds that one's lock.
        body.close();
    }
}
