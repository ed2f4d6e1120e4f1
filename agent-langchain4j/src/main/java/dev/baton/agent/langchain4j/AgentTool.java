package dev.baton.agent.langchain4j;

import java.util.Optional;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolSpecification;

/**
 * Something a model may ask for.
 *
 * @param code what executes it; absent when clients give its output
 * @param approval whether a person must allow a call with this input before it is executed
 */
public record AgentTool(ToolSpecification specification, Optional<ToolCode> code, Predicate<JsonNode> approval) {
    /** Code of a tool. Runs on the thread of the run, one call after the other. */
    @FunctionalInterface
    public interface ToolCode {
        /**
         * @param input an object; the model wrote it, and nobody has held it against the schema
         * @return the output: a text, or what Jackson makes JSON of
         * @throws ToolFailedException with words for the model and for clients; of everything else they hear only that it failed
         */
        Object execute(JsonNode input) throws Exception;
    }

    /** A tool of the agent. */
    public static AgentTool of(ToolSpecification specification, ToolCode code) {
        return new AgentTool(specification, Optional.of(code), _ -> false);
    }

    /** A tool that only clients can execute: a question to a person, something in a browser. The turn ends with its call. */
    public static AgentTool ofClient(ToolSpecification specification) {
        return new AgentTool(specification, Optional.empty(), _ -> false);
    }

    /** The same, but a person has to allow every call. */
    public AgentTool needsApproval() {
        return needsApproval(_ -> true);
    }

    /** The same, but a person has to allow calls with such an input. */
    public AgentTool needsApproval(Predicate<JsonNode> when) {
        return new AgentTool(specification, code, when);
    }

    String name() {
        return specification.name();
    }
}
