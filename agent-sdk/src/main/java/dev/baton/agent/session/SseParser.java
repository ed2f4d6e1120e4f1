package dev.baton.agent.session;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.wire.json.WireJson;

/**
 * Makes frames of the bytes of a subscription, as they come. Between frames it holds next to nothing: idle conversations have one each.
 * Not thread-safe.
 */
final class SseParser {
    /** A batch is one line: at most 1000 records, 1 MiB together, and every quote doubled. With room to spare. */
    static final int LINE_BYTES_MAX = 16 * 1024 * 1024;
    private static final String DONE = "[DONE]";
    private static final int LINE_BYTES_USUAL = 64;

    private ByteArrayOutputStream line = new ByteArrayOutputStream(LINE_BYTES_USUAL);
    private String event = "";
    private StringBuilder data;

    /**
     * The frames that end with these bytes, in order. One that is cut off by the end of the body never ends: its records come again.
     *
     * @throws IOException when the server sends what is no batch, or a line without end
     */
    List<SseFrame> feed(ByteBuffer bytes) throws IOException {
        List<SseFrame> frames = new ArrayList<>(1);
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            if (b == '\n') {
                lineEnded().ifPresent(frames::add);
            } else {
                if (line.size() == LINE_BYTES_MAX) {
                    throw new IOException("expected a line of at most " + LINE_BYTES_MAX + " bytes");
                }
                line.write(b);
            }
        }
        return frames;
    }

    private Optional<SseFrame> lineEnded() throws IOException {
        String text = line.toString(StandardCharsets.UTF_8);
        line = line.size() <= LINE_BYTES_USUAL ? line : new ByteArrayOutputStream(LINE_BYTES_USUAL);
        line.reset();
        return line(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    private Optional<SseFrame> line(String text) throws IOException {
        if (text.isEmpty()) {
            Optional<SseFrame> frame = data == null ? Optional.empty() : frame(event, data.toString());
            event = "";
            data = null;
            return frame;
        }
        if (text.startsWith("event:")) {
            event = fieldValue(text, "event:");
        } else if (text.startsWith("data:")) {
            data = data == null ? new StringBuilder() : data.append('\n');
            data.append(fieldValue(text, "data:"));
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
}
