package dev.baton.agent.langchain4j;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.agent.chat.AnswerStream;
import dev.baton.agent.chat.ChunkTooLargeException;
import dev.baton.agent.chat.ToolCall;
import dev.baton.agent.chat.TurnStoppedException;
import dev.baton.wire.json.WireJson;

/**
 * The tools of an agent and what becomes of calls: executed, refused, or left to a person. All of it is written to the answer
 * when it is known; a call that has no result here waits.
 */
final class Toolbox {
    private static final Logger LOG = LoggerFactory.getLogger(Toolbox.class);
    private static final String FAILED = "The tool failed.";

    private final Map<String, AgentTool> byName = new LinkedHashMap<>();

    /** @throws IllegalArgumentException when two tools have one name */
    Toolbox(List<AgentTool> tools) {
        for (AgentTool tool : tools) {
            if (byName.put(tool.name(), tool) != null) {
                throw new IllegalArgumentException("expected every tool to have a name of its own, but two are called "
                        + tool.name() + ": rename one");
            }
        }
    }

    List<ToolSpecification> specifications() {
        return byName.values().stream().map(AgentTool::specification).toList();
    }

    /** A call that the model has just made. Empty: it waits for a person. */
    Optional<ToolExecutionResultMessage> call(ToolExecutionRequest request, AnswerStream answer)
            throws InterruptedException {
        AgentTool tool = byName.get(request.name());
        Optional<JsonNode> input = input(request.arguments());
        if (tool == null || input.isEmpty()) {
            return Optional.of(refuse(request, tool == null
                    ? "There is no tool " + request.name() + "."
                    : "The input of a call must be a JSON object.", answer));
        }
        answer.toolCall(request.id(), tool.name(), input.get());
        if (tool.approval().test(input.get())) {
            answer.requestApproval(request.id());
            return Optional.empty();
        }
        return execute(tool, request.id(), input.get(), answer);
    }

    /**
     * Goes on with the calls of a message that people have answered: executes what was allowed.
     *
     * @return what came of them, by call id
     */
    Map<String, ToolExecutionResultMessage> settle(ObjectNode message, AnswerStream answer)
            throws InterruptedException {
        Map<String, ToolExecutionResultMessage> results = new HashMap<>();
        for (JsonNode part : message.path("parts")) {
            // Nothing else is for this agent to do: other states are a client's turn, or have their result.
            if (ToolCall.isOne(part) && part.path("state").asText().equals("approval-responded")) {
                ToolCall call = ToolCall.of(part);
                settle(call, part, answer).ifPresent(result -> results.put(call.id(), result));
            }
        }
        return results;
    }

    private Optional<ToolExecutionResultMessage> settle(ToolCall call, JsonNode part, AnswerStream answer)
            throws InterruptedException {
        if (call.state() == ToolCall.State.DENIED) {
            answer.toolDenied(call.id());
            return Optional.of(ModelMessages.denied(call, part));
        }
        AgentTool tool = byName.get(call.toolName());
        return tool == null
                ? Optional.of(fail(call.id(), call.toolName(), "There is no tool " + call.toolName() + ".", answer))
                : execute(tool, call.id(), call.input(), answer);
    }

    private static Optional<ToolExecutionResultMessage> execute(AgentTool tool, String callId, JsonNode input,
            AnswerStream answer) throws InterruptedException {
        if (tool.code().isEmpty()) {
            return Optional.empty();
        }
        JsonNode output;
        try {
            output = WireJson.MAPPER.valueToTree(tool.code().get().execute(input));
        } catch (InterruptedException | TurnStoppedException e) {
            throw e;
        } catch (ToolFailedException e) {
            return Optional.of(fail(callId, tool.name(), e.getMessage(), answer));
        } catch (Exception e) {
            // Not its text, which may quote what people said.
            LOG.atWarn().addKeyValue("tool", tool.name()).addKeyValue("error", e.getClass().getName())
                    .addKeyValue("at", e.getStackTrace().length == 0 ? "unknown" : e.getStackTrace()[0])
                    .log("tool failed");
            return Optional.of(fail(callId, tool.name(), FAILED, answer));
        }
        try {
            answer.toolOutput(callId, output);
        } catch (ChunkTooLargeException e) {
            return Optional.of(fail(callId, tool.name(), e.getMessage(), answer));
        }
        return Optional.of(ModelMessages.result(callId, tool.name(), ModelMessages.text(output), false));
    }

    private static ToolExecutionResultMessage fail(String callId, String toolName, String text, AnswerStream answer)
            throws InterruptedException {
        answer.toolError(callId, text);
        return ModelMessages.result(callId, toolName, text, true);
    }

    private static ToolExecutionResultMessage refuse(ToolExecutionRequest request, String text, AnswerStream answer)
            throws InterruptedException {
        answer.write(WireJson.MAPPER.createObjectNode().put("type", "tool-input-error").put("toolCallId", request.id())
                .put("toolName", request.name()).put("input", request.arguments()).put("errorText", text));
        return ModelMessages.result(request.id(), request.name(), text, true);
    }

    /** Clients of some providers fail over an input that is no JSON object, even if only the model gets it back. */
    static ToolExecutionRequest readable(ToolExecutionRequest call) {
        return ToolExecutionRequest.builder().id(call.id()).name(call.name())
                .arguments(input(call.arguments()).map(Object::toString).orElse("{}")).build();
    }

    /** Tools without parameters are called with nothing at all by some models. */
    private static Optional<JsonNode> input(String arguments) {
        if (arguments == null || arguments.isBlank()) {
            return Optional.of(WireJson.MAPPER.createObjectNode());
        }
        try {
            return Optional.of(WireJson.MAPPER.readTree(arguments)).filter(JsonNode::isObject);
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }
}
