package dev.baton.wire.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a client answered to tool calls: an assistant message whose parts carry little more than {@code toolCallId} and a
 * state (contract §5.4). It is matched by call and not by message id, because clients lose those (features #272), and it
 * changes nothing but the four fields of an answer.
 */
final class ToolAnswers {
    private static final List<String> ANSWER_FIELDS = List.of("state", "output", "errorText", "approval");
    private static final Set<String> ANSWERED = Set.of("output-available", "output-error", "output-denied",
            "approval-responded");
    private static final Set<String> WAITING = Set.of("input-available", "approval-requested", "approval-responded");

    private final Map<String, JsonNode> byCall = new HashMap<>();

    private ToolAnswers() {}

    static ToolAnswers of(ObjectNode message) {
        ToolAnswers answers = new ToolAnswers();
        for (JsonNode part : message.path("parts")) {
            if (ToolParts.isTool(part) && ANSWERED.contains(part.path("state").asText())) {
                answers.byCall.put(part.path("toolCallId").asText(), part);
            }
        }
        return answers;
    }

    /** The message with its answers, or the message itself when none of them is for it. */
    ObjectNode overlay(ObjectNode message) {
        for (JsonNode part : message.path("parts")) {
            if (matches(part)) {
                ObjectNode answered = message.deepCopy();
                overlayInPlace(answered);
                return answered;
            }
        }
        return message;
    }

    void overlayInPlace(ObjectNode message) {
        for (JsonNode part : message.path("parts")) {
            if (matches(part)) {
                JsonNode answer = byCall.get(part.path("toolCallId").asText());
                ANSWER_FIELDS.forEach(field -> Fields.setIfPresent((ObjectNode) part, field, answer.get(field)));
            }
        }
    }

    /** A call that has its result keeps it: a client's old copy must not take it away. */
    private boolean matches(JsonNode part) {
        return part instanceof ObjectNode && ToolParts.isTool(part)
                && byCall.containsKey(part.path("toolCallId").asText())
                && WAITING.contains(part.path("state").asText());
    }
}
