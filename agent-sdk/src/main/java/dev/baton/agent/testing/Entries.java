package dev.baton.agent.testing;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/** What clients append to {@code .in}. */
final class Entries {
    static final String CHAT_ID = "chat-offline";

    private Entries() {}

    static ObjectNode userMessage(int number, String text) {
        ObjectNode message = WireJson.MAPPER.createObjectNode().put("id", "u" + number).put("role", "user");
        message.putArray("parts").addObject().put("type", "text").put("text", text);
        return message;
    }

    static ObjectNode submit(ObjectNode message, Optional<JsonNode> clientData) {
        ObjectNode entry = message("submit-message", clientData);
        entry.withObject("/payload").set("message", message);
        return entry;
    }

    /** A client's answers to tool calls: an assistant message with little more than them. */
    static ObjectNode toolAnswer(String messageId, ObjectNode part, Optional<JsonNode> clientData) {
        ObjectNode message = WireJson.MAPPER.createObjectNode().put("id", messageId).put("role", "assistant");
        message.putArray("parts").add(part);
        return submit(message, clientData);
    }

    static ObjectNode toolPart(String callId, String toolName, String state) {
        return WireJson.MAPPER.createObjectNode().put("type", "tool-" + toolName).put("toolCallId", callId)
                .put("state", state);
    }

    static ObjectNode action(JsonNode action, Optional<JsonNode> clientData) {
        ObjectNode entry = message("action", clientData);
        entry.withObject("/payload").set("action", action);
        return entry;
    }

    static ObjectNode message(String trigger, Optional<JsonNode> clientData) {
        ObjectNode entry = WireJson.MAPPER.createObjectNode().put("kind", "message");
        ObjectNode payload = entry.putObject("payload").put("chatId", CHAT_ID).put("trigger", trigger);
        clientData.ifPresent(data -> payload.set("metadata", data));
        return entry;
    }

    static ObjectNode stop() {
        return WireJson.MAPPER.createObjectNode().put("kind", "stop");
    }
}
