package dev.baton.wire.history;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Deep merge of message metadata: objects merge, everything else (arrays too) is replaced. */
final class JsonMerge {
    private JsonMerge() {}

    static JsonNode merge(JsonNode present, JsonNode change) {
        if (!(present instanceof ObjectNode base) || !(change instanceof ObjectNode overrides)) {
            return change.deepCopy();
        }
        ObjectNode merged = base.deepCopy();
        for (Map.Entry<String, JsonNode> field : overrides.properties()) {
            JsonNode before = merged.get(field.getKey());
            merged.set(field.getKey(), before == null ? field.getValue().deepCopy() : merge(before, field.getValue()));
        }
        return merged;
    }
}
