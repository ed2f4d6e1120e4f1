package dev.baton.wire.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/**
 * Tool parts of one message and the states they go through: input-streaming, input-available, approval-requested, then
 * output-available, output-error or output-denied. Static tools have type {@code tool-NAME}, dynamic ones
 * {@code dynamic-tool} and a {@code toolName}.
 */
final class ToolParts {
    private static final String DYNAMIC = "dynamic-tool";
    /** Fields that every update sets anew: absent in the update means gone. */
    private static final List<String> REPLACED = List.of("state", "input", "output", "errorText", "preliminary");
    /** Fields that an update leaves alone when it does not carry them. */
    private static final List<String> KEPT = List.of("title", "toolMetadata", "providerExecuted");

    private final ArrayNode parts;
    private final Map<String, PartialInput> partialInputs = new HashMap<>();

    /** Input text of a call as far as it has come. */
    private record PartialInput(ObjectNode part, StringBuilder text) {
        void flush() {
            if (!text.isEmpty() && part.path("state").asText().equals("input-streaming")) {
                Fields.set(part, "input", PartialJson.parse(text.toString()).orElse(null));
            }
        }
    }

    ToolParts(ArrayNode parts) {
        this.parts = parts;
    }

    static boolean isTool(JsonNode part) {
        String type = part.path("type").asText();
        return type.equals(DYNAMIC) || type.startsWith("tool-");
    }

    void apply(String type, JsonNode chunk) {
        switch (type) {
            case "tool-input-start" -> inputStart(chunk);
            case "tool-input-delta" -> inputDelta(chunk);
            case "tool-input-available" ->
                update(chunk, isDynamic(chunk), change(chunk, "input-available").setAll(only(chunk, "input")));
            case "tool-input-error" -> inputError(chunk);
            case "tool-approval-request" -> approvalRequest(chunk);
            case "tool-output-available" -> output(chunk, "output-available", "output", "preliminary");
            case "tool-output-error" -> output(chunk, "output-error", "errorText");
            case "tool-output-denied" -> {
                ObjectNode part = find(chunk);
                if (part != null) {
                    part.put("state", "output-denied");
                }
            }
            // The caller passes these eight only.
            default -> throw new IllegalArgumentException("expected a tool chunk, but was " + type);
        }
    }

    void flush() {
        partialInputs.values().forEach(PartialInput::flush);
    }

    void forget() {
        flush();
        partialInputs.clear();
    }

    private void inputStart(JsonNode chunk) {
        ObjectNode part = update(chunk, isDynamic(chunk), change(chunk, "input-streaming"));
        partialInputs.put(chunk.path("toolCallId").asText(), new PartialInput(part, new StringBuilder()));
    }

    private void inputDelta(JsonNode chunk) {
        PartialInput partial = partialInputs.get(chunk.path("toolCallId").asText());
        if (partial != null) {
            partial.text().append(chunk.path("inputTextDelta").asText());
            partial.part().put("state", "input-streaming");
        }
    }

    private void inputError(JsonNode chunk) {
        ObjectNode present = findInStep(chunk.path("toolCallId").asText());
        boolean dynamic = present == null ? isDynamic(chunk) : isDynamicPart(present);
        ObjectNode change = change(chunk, "output-error").setAll(only(chunk, "errorText"));
        // A static part keeps what could not be parsed apart from real inputs.
        Fields.set(change, dynamic ? "input" : "rawInput", chunk.get("input"));
        update(chunk, dynamic, change);
    }

    private void approvalRequest(JsonNode chunk) {
        ObjectNode part = find(chunk);
        if (part != null) {
            part.put("state", "approval-requested");
            ObjectNode approval = part.putObject("approval");
            Fields.set(approval, "id", chunk.get("approvalId"));
            Fields.setIfPresent(approval, "descriptor", chunk.get("approvalDescriptor"));
            Fields.setIfPresent(approval, "signature", chunk.get("signature"));
        }
    }

    private void output(JsonNode chunk, String state, String... fields) {
        ObjectNode part = find(chunk);
        if (part != null) {
            ObjectNode change = only(chunk, "providerExecuted", "providerMetadata").put("state", state);
            Fields.set(change, "input", part.get("input"));
            Fields.set(change, "rawInput", state.equals("output-error") ? part.get("rawInput") : null);
            change.setAll(only(chunk, fields));
            assign(part, change);
        }
    }

    private static ObjectNode change(JsonNode chunk, String state) {
        return only(chunk, "title", "toolMetadata", "providerExecuted", "providerMetadata").put("state", state);
    }

    /** Changes the part of the call in the current step, or adds one. */
    private ObjectNode update(JsonNode chunk, boolean dynamic, ObjectNode change) {
        ObjectNode part = findInStep(chunk.path("toolCallId").asText());
        if (part == null || isDynamicPart(part) != dynamic) {
            part = parts.addObject();
            String name = chunk.path("toolName").asText();
            part.put("type", dynamic ? DYNAMIC : "tool-" + name);
        }
        if (dynamic) {
            part.put("toolName", chunk.path("toolName").asText());
        }
        Fields.set(part, "toolCallId", chunk.get("toolCallId"));
        assign(part, change);
        return part;
    }

    private static void assign(ObjectNode part, ObjectNode change) {
        REPLACED.forEach(field -> Fields.set(part, field, change.get(field)));
        KEPT.forEach(field -> Fields.setIfPresent(part, field, change.get(field)));
        if (isDynamicPart(part)) {
            Fields.setIfPresent(part, "rawInput", change.get("rawInput"));
        } else {
            Fields.set(part, "rawInput", change.get("rawInput"));
        }
        boolean result = change.path("state").asText().startsWith("output-");
        Fields.setIfPresent(part, result ? "resultProviderMetadata" : "callProviderMetadata",
                change.get("providerMetadata"));
    }

    /** The call in the current step, else its newest part anywhere in the message. */
    private ObjectNode find(JsonNode chunk) {
        String callId = chunk.path("toolCallId").asText();
        ObjectNode inStep = findInStep(callId);
        for (int i = parts.size() - 1; inStep == null && i >= 0; i--) {
            if (isCall(parts.get(i), callId)) {
                return (ObjectNode) parts.get(i);
            }
        }
        return inStep;
    }

    private ObjectNode findInStep(String callId) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            if (isCall(parts.get(i), callId)) {
                return (ObjectNode) parts.get(i);
            }
            if (parts.get(i).path("type").asText().equals("step-start")) {
                return null;
            }
        }
        return null;
    }

    private static boolean isCall(JsonNode part, String callId) {
        return part instanceof ObjectNode && isTool(part) && part.path("toolCallId").asText().equals(callId);
    }

    private static boolean isDynamic(JsonNode chunk) {
        return chunk.path("dynamic").asBoolean();
    }

    private static boolean isDynamicPart(JsonNode part) {
        return part.path("type").asText().equals(DYNAMIC);
    }

    private static ObjectNode only(JsonNode chunk, String... fields) {
        ObjectNode chosen = WireJson.MAPPER.createObjectNode();
        for (String field : fields) {
            Fields.set(chosen, field, chunk.get(field));
        }
        return chosen;
    }
}
