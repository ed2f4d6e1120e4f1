package dev.baton.wire.history;

import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/** One text for equal values: keys in order, every number as JavaScript knows it. */
final class CanonicalJson {
    private CanonicalJson() {}

    static String text(JsonNode value) {
        return canonical(value).toString();
    }

    private static JsonNode canonical(JsonNode value) {
        if (value instanceof ObjectNode object) {
            TreeMap<String, JsonNode> sorted = new TreeMap<>();
            object.properties().forEach(field -> sorted.put(field.getKey(), canonical(field.getValue())));
            return WireJson.MAPPER.createObjectNode().setAll(sorted);
        }
        if (value instanceof ArrayNode array) {
            ArrayNode items = WireJson.MAPPER.createArrayNode();
            array.forEach(item -> items.add(canonical(item)));
            return items;
        }
        return value.isNumber() ? DoubleNode.valueOf(value.doubleValue()) : value;
    }
}
