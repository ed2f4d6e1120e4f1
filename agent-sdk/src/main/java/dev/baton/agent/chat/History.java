package dev.baton.agent.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The UI messages of a conversation, oldest first, and the questions that a turn asks of them. What returns a history leaves
 * this one as it is; {@link Turn#editHistory} makes another one that of the conversation.
 */
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

    /** The message with this id. */
    public Optional<ObjectNode> message(String id) {
        return messages.stream().filter(message -> id(message).equals(id)).findFirst();
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

    /** The calls of tools in the newest message, if an agent wrote it (features #242): what waits, and what has been answered. */
    public List<ToolCall> toolCalls() {
        return messages.isEmpty() || isUser(messages.getLast()) ? List.of() : toolCalls(messages.getLast());
    }

    /** The calls of tools in a message. */
    public static List<ToolCall> toolCalls(ObjectNode message) {
        return message.path("parts").valueStream().filter(ToolCall::isOne).map(ToolCall::of).toList();
    }

    /** The id of the newest message with one of these calls; clients may have lost it (features #272). */
    Optional<String> messageWithCallOf(ObjectNode answers) {
        List<String> callIds = toolCalls(answers).stream().map(ToolCall::id).toList();
        return messages.reversed().stream()
                .filter(message -> toolCalls(message).stream().map(ToolCall::id).anyMatch(callIds::contains))
                .map(History::id).findFirst();
    }

    /** The calls of a message that came which have an outcome there and none here yet (features #242). */
    public List<ToolCall> newToolResults(ObjectNode incoming) {
        List<String> settled = settledCalls();
        return toolCalls(incoming).stream().filter(call -> call.isSettled() && !settled.contains(call.id())).toList();
    }

    /** Whether all calls of this message have their outcome here: its answers have come before. */
    boolean answeredCalls(ObjectNode answers) {
        List<String> wanted = toolCalls(answers).stream().map(ToolCall::id).toList();
        return !wanted.isEmpty() && settledCalls().containsAll(wanted);
    }

    private List<String> settledCalls() {
        return messages.stream().flatMap(message -> toolCalls(message).stream()).filter(ToolCall::isSettled)
                .map(ToolCall::id).toList();
    }

    /** For code that may do with it what it likes: the messages of a run are never changed in place. */
    History copy() {
        return new History(messages.stream().map(ObjectNode::deepCopy).toList());
    }

    /** With this message in the place of the one that has its id, or at the end. */
    public History with(ObjectNode message) {
        List<ObjectNode> changed = new ArrayList<>(messages);
        for (int i = 0; i < changed.size(); i++) {
            if (id(changed.get(i)).equals(id(message))) {
                changed.set(i, message);
                return new History(changed);
            }
        }
        changed.add(message);
        return new History(changed);
    }

    /** Whether any user message has an answer behind it. */
    boolean hasAnswer() {
        return messages.stream().dropWhile(message -> !isUser(message)).anyMatch(message -> !isUser(message));
    }

    /** Everything up to and including this message; all of it if that is not here. */
    public History upTo(String messageId) {
        for (int i = 0; i < messages.size(); i++) {
            if (id(messages.get(i)).equals(messageId)) {
                return new History(messages.subList(0, i + 1));
            }
        }
        return this;
    }

    /** The newest messages, at most so many. */
    public History last(int count) {
        return new History(messages.subList(Math.max(0, messages.size() - count), messages.size()));
    }

    public History without(String messageId) {
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
