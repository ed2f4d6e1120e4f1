package dev.baton.agent.chat;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The UI messages of a conversation, oldest first, and the questions that a turn asks of them. */
public record History(List<ObjectNode> messages) {
    public History {
        messages = List.copyOf(messages);
    }

    public long userMessages() {
        return messages.stream().filter(History::isUser).count();
    }

    public Optional<ObjectNode> lastUserMessage() {
        return messages.reversed().stream().filter(History::isUser).findFirst();
    }

    /** The message with this id, if it is a user's. The empty id, of messages that have none, finds nothing. */
    public Optional<ObjectNode> userMessage(String id) {
        return messages.stream().filter(message -> !id.isEmpty() && isUser(message) && id(message).equals(id))
                .findFirst();
    }

    /** Whether this user message is here and an assistant message comes after it; false for the empty id. */
    public boolean answered(String userMessageId) {
        boolean seen = false;
        for (ObjectNode message : messages) {
            if (seen && message.path("role").asText().equals("assistant")) {
                return true;
            }
            seen = isUser(message) ? !userMessageId.isEmpty() && id(message).equals(userMessageId) : seen;
        }
        return false;
    }

    History without(String messageId) {
        return new History(messages.stream().filter(message -> !id(message).equals(messageId)).toList());
    }

    /** All text parts of a message, joined. */
    public static String text(ObjectNode message) {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : message.path("parts")) {
            if (part.path("type").asText().equals("text")) {
                text.append(part.path("text").asText());
            }
        }
        return text.toString();
    }

    private static boolean isUser(ObjectNode message) {
        return message.path("role").asText().equals("user");
    }

    private static String id(ObjectNode message) {
        return message.path("id").asText();
    }
}
