package dev.baton.wire.history;

import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Text and reasoning parts, each open from its start to its end or to the end of its step. */
final class StreamingTexts {
    /** Deltas are collected and written into the part only when somebody looks: long answers stay linear. */
    private record Streaming(ObjectNode part, StringBuilder text) {
        void flush() {
            part.put("text", text.toString());
        }
    }

    private final ArrayNode parts;
    private final Map<String, Streaming> byKindAndId = new HashMap<>();

    StreamingTexts(ArrayNode parts) {
        this.parts = parts;
    }

    void apply(String type, JsonNode chunk) {
        int dash = type.indexOf('-');
        String kind = type.substring(0, dash);
        String key = kind + ":" + chunk.path("id").asText();
        switch (type.substring(dash + 1)) {
            case "start" -> start(kind, key, chunk);
            case "delta" -> delta(byKindAndId.get(key), chunk);
            case "end" -> end(byKindAndId.remove(key), chunk);
            // The caller passes these three only.
            default -> throw new IllegalArgumentException("expected start, delta or end, but was " + type);
        }
    }

    void flush() {
        byKindAndId.values().forEach(Streaming::flush);
    }

    /** The step ended: its ids are free again. A part without an end keeps its streaming state, as in the SDK. */
    void forget() {
        flush();
        byKindAndId.clear();
    }

    private void start(String kind, String key, JsonNode chunk) {
        Streaming replaced = byKindAndId.get(key);
        if (replaced != null) {
            replaced.flush();
        }
        ObjectNode part = parts.addObject().put("type", kind);
        if (kind.equals("reasoning")) {
            Fields.set(part, "id", chunk.get("id"));
        }
        part.put("text", "");
        Fields.set(part, "providerMetadata", chunk.get("providerMetadata"));
        part.put("state", "streaming");
        byKindAndId.put(key, new Streaming(part, new StringBuilder()));
    }

    private static void delta(Streaming streaming, JsonNode chunk) {
        if (streaming != null) {
            streaming.text().append(chunk.path("delta").asText());
            Fields.setIfPresent(streaming.part(), "providerMetadata", chunk.get("providerMetadata"));
        }
    }

    private static void end(Streaming streaming, JsonNode chunk) {
        if (streaming != null) {
            streaming.flush();
            streaming.part().put("state", "done");
            Fields.setIfPresent(streaming.part(), "providerMetadata", chunk.get("providerMetadata"));
        }
    }
}
