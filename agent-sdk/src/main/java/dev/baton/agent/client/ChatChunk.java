package dev.baton.agent.client;

import com.fasterxml.jackson.databind.JsonNode;

/** A piece of an answer as it arrives: a chunk of the UI message stream (features #119 to #123). Kinds that are not named here come as {@link Other}. */
public sealed interface ChatChunk {
    /** All of it, as it was written. */
    JsonNode json();

    /** A message begins, or goes on: the id is that of one that has come before. */
    record Start(String messageId, JsonNode json) implements ChatChunk {}

    /** More text. */
    record Text(String delta, JsonNode json) implements ChatChunk {}

    /** More of what a model thinks. */
    record Reasoning(String delta, JsonNode json) implements ChatChunk {}

    /** A tool is about to be called. */
    record ToolInputStart(String callId, String toolName, JsonNode json) implements ChatChunk {}

    /** More of the JSON text of an input. */
    record ToolInputDelta(String callId, String delta, JsonNode json) implements ChatChunk {}

    /** A tool is called. */
    record ToolInput(String callId, String toolName, JsonNode input, JsonNode json) implements ChatChunk {}

    /** A person shall say whether a call may be executed. */
    record ToolApproval(String callId, String approvalId, JsonNode json) implements ChatChunk {}

    /** What came of a call. */
    record ToolOutput(String callId, JsonNode output, JsonNode json) implements ChatChunk {}

    /** A call has failed, or its input could not be read. */
    record ToolError(String callId, String errorText, JsonNode json) implements ChatChunk {}

    /** A call is not executed, because somebody said so. */
    record ToolDenied(String callId, JsonNode json) implements ChatChunk {}

    /** A file that belongs to the answer. */
    record File(String mediaType, String url, JsonNode json) implements ChatChunk {}

    /** Where the answer has something from; its url, or its title where it has none. */
    record Source(String sourceId, String url, JsonNode json) implements ChatChunk {}

    /** Data of the agent's own. @param name what follows {@code data-} in its type @param isTransient whether it is no part of the message */
    record Data(String name, JsonNode data, boolean isTransient, JsonNode json) implements ChatChunk {
        private static final String PREFIX = "data-";
    }

    /** The message is complete. @param finishReason empty when the agent does not say */
    record Finish(String finishReason, JsonNode json) implements ChatChunk {}

    /** The turn has failed. */
    record Failed(String errorText, JsonNode json) implements ChatChunk {}

    /** The turn was stopped. */
    record Aborted(JsonNode json) implements ChatChunk {}

    /** Begins and ends of parts and steps, metadata, and kinds of newer agents. */
    record Other(String type, JsonNode json) implements ChatChunk {}

    static ChatChunk of(JsonNode json) {
        String type = json.path("type").asText();
        String callId = json.path("toolCallId").asText();
        return switch (type) {
            case "start" -> new Start(json.path("messageId").asText(), json);
            case "text-delta" -> new Text(json.path("delta").asText(), json);
            case "reasoning-delta" -> new Reasoning(json.path("delta").asText(), json);
            case "tool-input-start" -> new ToolInputStart(callId, json.path("toolName").asText(), json);
            case "tool-input-delta" -> new ToolInputDelta(callId, json.path("inputTextDelta").asText(), json);
            case "file" -> new File(json.path("mediaType").asText(), json.path("url").asText(), json);
            case "source-url", "source-document" -> new Source(json.path("sourceId").asText(),
                    json.path("url").asText(json.path("title").asText()), json);
            case "tool-input-available" ->
                new ToolInput(callId, json.path("toolName").asText(), json.path("input"), json);
            case "tool-approval-request" -> new ToolApproval(callId, json.path("approvalId").asText(), json);
            case "tool-output-available" -> new ToolOutput(callId, json.path("output"), json);
            case "tool-output-error", "tool-input-error" ->
                new ToolError(callId, json.path("errorText").asText(), json);
            case "tool-output-denied" -> new ToolDenied(callId, json);
            case "finish" -> new Finish(json.path("finishReason").asText(), json);
            case "error" -> new Failed(json.path("errorText").asText(), json);
            case "abort" -> new Aborted(json);
            default -> type.startsWith(Data.PREFIX)
                    ? new Data(type.substring(Data.PREFIX.length()), json.path("data"),
                            json.path("transient").asBoolean(),
                            json)
                    : new Other(type, json);
        };
    }
}
