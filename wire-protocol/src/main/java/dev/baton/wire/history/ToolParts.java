package dev.baton.wire.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

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
    private static final String STATIC_PREFIX = "tool-";
    /** Fields that every update sets anew: absent in the update means gone. */
    private static final List<String> REPLACED = List.of("state", "input", "output", "errorText", "rawInput",
            "preliminary");
    /** Fields that an update leaves alone when it does not carry them. */
    private static final List<String> KEPT = List.of("title", "toolMetadata");

    private final ArrayNode parts;
    private final Map<String, StreamingInput> streamingInputs = new HashMap<>();

    ToolParts(ArrayNode parts) {
        this.parts = parts;
        for (int i = parts.size() - 1; i >= 0 && !isStep(parts.get(i)); i--) {
            if (parts.get(i) instanceof ObjectNode part && isTool(part)
                    && part.path("state").asText().equals("input-streaming")) {
                streamingInputs.put(part.path("toolCallId").asText(), StreamingInput.continuing(part));
            }
        }
    }

    static boolean isTool(JsonNode part) {
        String type = part.path("type").asText();
        return type.equals(DYNAMIC) || type.startsWith(STATIC_PREFIX);
    }

    void apply(String type, JsonNode chunk) {
        if (!type.equals("tool-input-delta")) {
            // What others read or change must be as far as the input has come.
            flush(streamingInputs.get(chunk.path("toolCallId").asText()));
        }
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
        streamingInputs.values().forEach(StreamingInput::flush);
    }

    void forget() {
        flush();
        streamingInputs.clear();
    }

    private static void flush(StreamingInput input) {
        if (input != null) {
            input.flush();
        }
    }

    private void inputStart(JsonNode chunk) {
        ObjectNode change = change(chunk, "input-streaming").setAll(only(chunk, "inputEncoding"));
        ObjectNode part = update(chunk, isDynamic(chunk), change);
        streamingInputs.put(chunk.path("toolCallId").asText(), StreamingInput.starting(part, chunk));
    }

    /** The input as a whole is read when somebody looks; a delta in a later step makes a part of its own there. */
    private void inputDelta(JsonNode chunk) {
        StreamingInput streaming = streamingInputs.get(chunk.path("toolCallId").asText());
        if (streaming != null) {
            ObjectNode start = streaming.start();
            ObjectNode part = findInStep(chunk.path("toolCallId").asText(), isDynamic(start));
            if (part != streaming.part()) {
                streaming.flush();
            }
            ObjectNode change = only(start, "title", "toolMetadata", "inputEncoding").put("state", "input-streaming");
            // A dynamic part that is new does not say its text: the SDK does so from the second delta on.
            boolean saysText = part != null || !isDynamic(start);
            streaming.append(chunk.path("inputTextDelta").asText(), update(start, isDynamic(start), change), saysText);
        }
    }

    private void inputError(JsonNode chunk) {
        ObjectNode present = findInStep(chunk.path("toolCallId").asText());
        boolean dynamic = present == null ? isDynamic(chunk) : isDynamicPart(present);
        ObjectNode change = change(chunk, "output-error").setAll(only(chunk, "errorText"));
        change.remove("title");
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
            Fields.set(approval, "inputSchemaInput", chunk.get("inputSchemaInput"));
            Fields.setIfPresent(approval, "signature", chunk.get("signature"));
        }
    }

    private void output(JsonNode chunk, String state, String... fields) {
        ObjectNode part = find(chunk);
        if (part != null) {
            ObjectNode change = only(chunk, "providerExecuted", "providerMetadata").put("state", state);
            Fields.setIfPresent(change, "toolMetadata", chunk.get("toolMetadata"));
            Fields.set(change, "input", part.get("input"));
            boolean keepsRaw = state.equals("output-error") && !isDynamicPart(part);
            Fields.set(change, "rawInput", keepsRaw ? part.get("rawInput") : null);
            change.setAll(only(chunk, fields));
            assign(part, change);
        }
    }

    private static ObjectNode change(JsonNode chunk, String state) {
        return only(chunk, "title", "toolMetadata", "providerExecuted", "providerMetadata").put("state", state);
    }

    /** Changes the part of the call in the current step, or adds one. */
    private ObjectNode update(JsonNode chunk, boolean dynamic, ObjectNode change) {
        ObjectNode part = findInStep(chunk.path("toolCallId").asText(), dynamic);
        if (part == null) {
            return add(chunk, dynamic, change);
        }
        rename(part, chunk, dynamic);
        assign(part, change);
        return part;
    }

    private ObjectNode add(JsonNode chunk, boolean dynamic, ObjectNode change) {
        ObjectNode part = parts.addObject();
        rename(part, chunk, dynamic);
        Fields.set(part, "toolCallId", chunk.get("toolCallId"));
        Fields.set(part, "providerExecuted", change.get("providerExecuted"));
        assign(part, change);
        if (dynamic) {
            part.remove("rawInput");
        }
        return part;
    }

    private static void rename(ObjectNode part, JsonNode chunk, boolean dynamic) {
        String name = chunk.path("toolName").asText();
        part.put("type", dynamic ? DYNAMIC : STATIC_PREFIX + name);
        if (dynamic) {
            part.put("toolName", name);
        }
    }

    private static void assign(ObjectNode part, ObjectNode change) {
        REPLACED.forEach(field -> Fields.set(part, field, change.get(field)));
        KEPT.stream().filter(change::has).forEach(field -> Fields.set(part, field, change.get(field)));
        Fields.setIfPresent(part, "providerExecuted", change.get("providerExecuted"));
        part.remove("inputEncoding");
        Fields.setIfPresent(part, "inputEncoding", change.get("inputEncoding"));
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
        return findInStep(part -> isCall(part, callId));
    }

    private ObjectNode findInStep(String callId, boolean dynamic) {
        return findInStep(part -> isCall(part, callId) && isDynamicPart(part) == dynamic);
    }

    /** The first such part of the current step: the message may hold a call twice. */
    private ObjectNode findInStep(Predicate<JsonNode> wanted) {
        ObjectNode first = null;
        for (int i = parts.size() - 1; i >= 0 && !isStep(parts.get(i)); i--) {
            first = wanted.test(parts.get(i)) ? (ObjectNode) parts.get(i) : first;
        }
        return first;
    }

    private static boolean isStep(JsonNode part) {
        return part.path("type").asText().equals("step-start");
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
