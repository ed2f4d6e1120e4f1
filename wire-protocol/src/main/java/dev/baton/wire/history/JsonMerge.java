package dev.baton.wire.history;

import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Deep merge of message metadata: objects merge, everything else (arrays too) is replaced. */
final class JsonMerge {
    /** Names that mean more than a field to JavaScript; the SDK never merges them. */
    private static final Set<String> IGNORED = Set.of("__proto__", "constructor", "prototype");

    private JsonMerge() {}

    static JsonNode merge(JsonNode present, JsonNode change) {
        if (!(present instanceof ObjectNode base) || !(change instanceof ObjectNode overrides)) {
            return change.deepCopy();
        }
        ObjectNode merged = base.deepCopy();
        for (Map.Entry<String, JsonNode> field : overrides.properties()) {
            if (IGNORED.contains(field.getKey())) {
                continue;
            }
            JsonNode before = merged.get(field.getKey());
            merged.set(field.getKey(), before == null ? field.getValue().deepCopy() : merge(before, field.getValue()));
        }
        return merged;
    }
}
