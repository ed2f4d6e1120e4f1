package dev.baton.agent.langchain4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;

import dev.baton.agent.chat.History;
import dev.baton.agent.chat.ToolCall;
import dev.baton.wire.json.WireJson;

/**
 * UI messages as a model reads them. Texts, files and tool calls go over; sources and {@code data-*} parts are for clients. An
 * assistant message becomes one {@link AiMessage} per step with the results of its calls behind it. Every call has a result,
 * because providers refuse a conversation in which one has none.
 */
public final class ModelMessages {
    static final String DENIED = "The person did not allow this call.";
    static final String UNANSWERED = "This call has no result: nobody has answered it.";

    private final List<ChatMessage> messages = new ArrayList<>();
    private final Map<String, ToolExecutionResultMessage> results;

    private ModelMessages(Map<String, ToolExecutionResultMessage> results) {
        this.results = results;
    }

    public static List<ChatMessage> of(History history) {
        return of(history.messages(), Map.of());
    }

    /** @param results what has just come of calls, by call id; the messages do not know it yet */
    static List<ChatMessage> of(List<ObjectNode> history, Map<String, ToolExecutionResultMessage> results) {
        ModelMessages converted = new ModelMessages(results);
        history.forEach(converted::add);
        return converted.messages;
    }

    private void add(ObjectNode message) {
        // Roles are open-ended text; what is none of these three says nothing to a model.
        switch (message.path("role").asText()) {
            case "system" -> addSystem(History.text(message));
            case "user" -> addUser(message.path("parts"));
            case "assistant" -> addAssistant(message.path("parts"));
            default -> {
            }
        }
    }

    private void addSystem(String text) {
        if (!text.isBlank()) {
            messages.add(SystemMessage.from(text));
        }
    }

    private void addUser(JsonNode parts) {
        List<Content> contents = parts.valueStream().map(ModelMessages::content).flatMap(Optional::stream).toList();
        if (!contents.isEmpty()) {
            messages.add(UserMessage.from(contents));
        }
    }

    private static Optional<Content> content(JsonNode part) {
        return switch (part.path("type").asText()) {
            case "text" -> Optional.<Content>of(TextContent.from(part.path("text").asText()))
                    .filter(_ -> !part.path("text").asText().isEmpty());
            case "file" -> Optional.of(FileContent.of(part));
            default -> Optional.empty();
        };
    }

    private void addAssistant(JsonNode parts) {
        Step step = new Step();
        for (JsonNode part : parts) {
            String type = part.path("type").asText();
            boolean says = type.equals("text") || type.equals("reasoning");
            // What is said after a call was said in knowledge of its result.
            if (type.equals("step-start") || says && !step.calls.isEmpty()) {
                addStep(step);
                step = new Step();
            }
            if (says) {
                (type.equals("text") ? step.text : step.reasoning).append(part.path("text").asText());
            } else if (ToolCall.isOne(part)) {
                addCall(step, part);
            }
        }
        addStep(step);
    }

    private void addCall(Step step, JsonNode part) {
        ToolCall call = ToolCall.of(part);
        if (call.state() != ToolCall.State.INCOMPLETE) {
            step.calls.add(ToolExecutionRequest.builder().id(call.id()).name(call.toolName())
                    .arguments(call.input().isObject() ? call.input().toString() : "{}").build());
            step.results.add(results.getOrDefault(call.id(), result(call, part)));
        }
    }

    private void addStep(Step step) {
        if (!step.text.isEmpty() || !step.calls.isEmpty()) {
            messages.add(AiMessage.builder().text(step.text.isEmpty() ? null : step.text.toString())
                    .thinking(step.reasoning.isEmpty() ? null : step.reasoning.toString())
                    .toolExecutionRequests(step.calls).build());
            messages.addAll(step.results);
        }
    }

    private static ToolExecutionResultMessage result(ToolCall call, JsonNode part) {
        return switch (call.state()) {
            case DONE -> result(call.id(), call.toolName(), text(call.output()), false);
            case FAILED -> result(call.id(), call.toolName(), part.path("errorText").asText(), true);
            case DENIED -> denied(call, part);
            case INCOMPLETE, AVAILABLE, APPROVAL_REQUESTED, APPROVED ->
                result(call.id(), call.toolName(), UNANSWERED, true);
        };
    }

    static ToolExecutionResultMessage denied(ToolCall call, JsonNode part) {
        return result(call.id(), call.toolName(), part.path("approval").path("reason").asText(DENIED), true);
    }

    static ToolExecutionResultMessage result(String callId, String toolName, String text, boolean isError) {
        return ToolExecutionResultMessage.builder().id(callId).toolName(toolName).text(text).isError(isError).build();
    }

    /** An output as a model reads it. */
    static String text(JsonNode output) {
        return output.isTextual() ? output.asText() : WireJson.text(output);
    }

    private static final class Step {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder reasoning = new StringBuilder();
        private final List<ToolExecutionRequest> calls = new ArrayList<>();
        private final List<ToolExecutionResultMessage> results = new ArrayList<>();
    }
}
