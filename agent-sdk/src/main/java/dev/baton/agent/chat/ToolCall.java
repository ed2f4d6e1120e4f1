package dev.baton.agent.chat;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A call of a tool in an assistant message.
 *
 * @param input what the tool is called with; missing while it is not known
 * @param output what came of it, also from a person; missing while there is nothing
 */
public record ToolCall(String id, String toolName, State state, JsonNode input, JsonNode output) {
    private static final String STATIC_PREFIX = "tool-";
    private static final String DYNAMIC = "dynamic-tool";

    /** How far a call has come. */
    public enum State {
        /** The input is still being written. */
        INCOMPLETE,
        /** It waits for its output: that of code, or that of a person. */
        AVAILABLE,
        /** It waits for somebody to allow it. */
        APPROVAL_REQUESTED,
        /** It is allowed and waits to be executed. */
        APPROVED,
        /** It may not be executed. */
        DENIED,
        /** It has an output. */
        DONE,
        /** It has failed. */
        FAILED
    }

    /** Whether it waits for a person: for an approval or for an output that no code will give. */
    public boolean waits() {
        return state == State.AVAILABLE || state == State.APPROVAL_REQUESTED;
    }

    /** Whether nothing more will come of it. */
    boolean isSettled() {
        return state == State.DONE || state == State.FAILED || state == State.DENIED;
    }

    /** Whether this part of a message is one. */
    public static boolean isOne(JsonNode part) {
        String type = part.path("type").asText();
        return type.startsWith(STATIC_PREFIX) || type.equals(DYNAMIC);
    }

    /** @param part one for which {@link #isOne} holds */
    public static ToolCall of(JsonNode part) {
        String type = part.path("type").asText();
        String name = type.equals(DYNAMIC)
                ? part.path("toolName").asText()
                : type.substring(STATIC_PREFIX.length());
        return new ToolCall(part.path("toolCallId").asText(), name, state(part), part.path("input"),
                part.path("output"));
    }

    private static State state(JsonNode part) {
        Optional<Boolean> approved = part.path("approval").path("approved").isBoolean()
                ? Optional.of(part.path("approval").path("approved").asBoolean())
                : Optional.empty();
        return switch (part.path("state").asText()) {
            case "input-available" -> State.AVAILABLE;
            case "approval-requested" -> State.APPROVAL_REQUESTED;
            case "approval-responded" -> approved.orElse(false) ? State.APPROVED : State.DENIED;
            case "output-available" -> State.DONE;
            case "output-denied" -> State.DENIED;
            case "output-error" -> State.FAILED;
            // Open-ended: what is not known to be complete is not.
            default -> State.INCOMPLETE;
        };
    }
}
