package dev.baton.wire.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Assignments with the meaning they have in JavaScript: absent is {@code undefined}, which JSON leaves out. */
final class Fields {
    private Fields() {}

    /** {@code object.name = value}. */
    static void set(ObjectNode object, String name, JsonNode value) {
        if (value == null) {
            object.remove(name);
        } else {
            object.set(name, value.deepCopy());
        }
    }

    /** {@code object.name = value ?? object.name}. */
    static void setIfPresent(ObjectNode object, String name, JsonNode value) {
        if (value != null && !value.isNull()) {
            object.set(name, value.deepCopy());
        }
    }
}
