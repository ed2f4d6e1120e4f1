package dev.baton.wire.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/** The input of one tool call while it is written: its text so far, and the part that shows it. */
final class StreamingInput {
    private final ObjectNode start;
    private final StringBuilder text;
    private ObjectNode part;
    /** The text is ahead of the part: long inputs stay linear because it is read only when somebody looks. */
    private boolean ahead;
    private boolean saysText;

    private StreamingInput(ObjectNode part, ObjectNode start, String text) {
        this.part = part;
        this.start = start;
        this.text = new StringBuilder(text);
    }

    static StreamingInput starting(ObjectNode part, JsonNode chunk) {
        return new StreamingInput(part, chunk.deepCopy(), "");
    }

    /** A message goes on whose last step has a call that was still being written. */
    static StreamingInput continuing(ObjectNode part) {
        String type = part.path("type").asText();
        boolean dynamic = type.equals("dynamic-tool");
        ObjectNode start = WireJson.MAPPER.createObjectNode().put("dynamic", dynamic).put("toolName",
                dynamic ? part.path("toolName").asText() : type.substring(type.indexOf('-') + 1));
        for (String field : new String[]{"toolCallId", "title", "toolMetadata", "inputEncoding"}) {
            Fields.set(start, field, part.get(field));
        }
        return new StreamingInput(part, start, part.path("rawInput").asText());
    }

    /** The chunk that began it: how the call is named. */
    ObjectNode start() {
        return start;
    }

    ObjectNode part() {
        return part;
    }

    /** @param withText whether the part shows the text beside what can be read of it */
    void append(String delta, ObjectNode shownBy, boolean withText) {
        saysText = withText;
        text.append(delta);
        part = shownBy;
        ahead = true;
    }

    void flush() {
        if (!ahead) {
            return;
        }
        String written = text.toString();
        boolean asText = start.path("inputEncoding").asText().equals("text");
        Fields.set(part, "input", asText ? part.textNode(written) : PartialJson.parse(written).orElse(null));
        if (saysText) {
            part.put("rawInput", written);
        }
        ahead = false;
    }
}
