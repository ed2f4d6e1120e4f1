package dev.baton.wire.history;

import java.util.Iterator;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Makes an answer that broke off presentable (features #183): no call without a result, nothing streaming. */
final class AnswerCleaning {
    /** A call that waits for an approval is complete and stays. */
    private static final Set<String> UNFINISHED = Set.of("partial-call", "input-streaming", "input-available");

    private AnswerCleaning() {}

    static void clean(ObjectNode message) {
        Iterator<JsonNode> parts = message.path("parts").iterator();
        while (parts.hasNext()) {
            JsonNode part = parts.next();
            if (ToolParts.isTool(part) && UNFINISHED.contains(part.path("state").asText())) {
                parts.remove();
            } else if (part instanceof ObjectNode object && part.path("state").asText().equals("streaming")) {
                object.put("state", "done");
            }
        }
    }

    static boolean saysSomething(ObjectNode message) {
        for (JsonNode part : message.path("parts")) {
            boolean emptyText = part.path("type").asText().equals("text") && part.path("text").asText().isEmpty();
            if (!emptyText && !part.path("type").asText().equals("step-start")) {
                return true;
            }
        }
        return false;
    }
}
