package dev.baton.wire.history;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/**
 * The stored history of agents that keep it themselves, format 2 (contract §7.4): a header line, one line per message, a footer
 * with the byte offsets of the lines, and a trailer that says how long the footer is. We only read it.
 */
public final class IndexedSnapshot {
    private static final Pattern TRAILER = Pattern.compile("#tt2:(\\d{16})\\n");
    private static final int TRAILER_BYTES = 22;

    private IndexedSnapshot() {}

    /** The same history in our form. Empty when the bytes are not a snapshot of this format, or not a whole one. */
    public static Optional<Snapshot> read(byte[] bytes) {
        try {
            return footer(bytes).flatMap(footer -> lines(bytes, footer.path("offsets"))
                    .map(lines -> new Snapshot(Snapshot.VERSION, footer.path("savedAt").asLong(), messages(lines),
                            cursor(footer, "lastOutEventId"), cursor(footer, "lastInEventId"), nonFinal(lines))));
        } catch (UncheckedIOException | IndexOutOfBoundsException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> footer(byte[] bytes) {
        int trailerAt = bytes.length - TRAILER_BYTES;
        Matcher trailer = TRAILER.matcher(trailerAt < 0 ? "" : text(bytes, trailerAt, bytes.length));
        if (!trailer.matches()) {
            return Optional.empty();
        }
        int footerAt = Math.toIntExact(trailerAt - Math.min(Long.parseLong(trailer.group(1)), trailerAt));
        return Optional.of(WireJson.readTree(text(bytes, footerAt, trailerAt))).filter(JsonNode::isObject);
    }

    /** The last offset is where the footer begins. */
    private static Optional<List<JsonNode>> lines(byte[] bytes, JsonNode offsets) {
        List<JsonNode> lines = new ArrayList<>();
        for (int i = 0; i + 1 < offsets.size(); i++) {
            JsonNode line = WireJson.readTree(text(bytes, offsets.get(i).intValue(), offsets.get(i + 1).intValue()));
            if (!line.path("message").isObject()) {
                return Optional.empty();
            }
            lines.add(line);
        }
        return offsets.isEmpty() ? Optional.empty() : Optional.of(lines);
    }

    private static List<ObjectNode> messages(List<JsonNode> lines) {
        return lines.stream().map(line -> (ObjectNode) line.path("message")).toList();
    }

    private static List<String> nonFinal(List<JsonNode> lines) {
        return lines.stream().filter(line -> !line.path("final").asBoolean(true)).map(line -> line.path("id").asText())
                .toList();
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private static String cursor(JsonNode footer, String field) {
        String text = footer.path(field).asText("");
        return text.matches("\\d{1,18}") ? text : null;
    }
}
