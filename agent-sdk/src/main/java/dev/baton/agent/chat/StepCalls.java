package dev.baton.agent.chat;

import java.util.HashSet;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The calls of the step that is being written. A page that sends answers to calls by itself looks at the last step of a message:
 * if it ends with words but has calls with an outcome, the page takes them for answers of its user, sends them to the agent
 * that wrote them, and waits for a turn that does not come. Models do not write such steps either, for they are asked again with
 * the outcome.
 */
final class StepCalls {
    private final Set<String> calls = new HashSet<>();
    private boolean answered;

    void add(JsonNode chunk) {
        String callId = chunk.path("toolCallId").asText();
        switch (chunk.path("type").asText()) {
            case "tool-input-start", "tool-input-available" -> calls.add(callId);
            case "tool-output-available", "tool-output-error", "tool-output-denied" ->
                answered |= calls.contains(callId) && !chunk.path("preliminary").asBoolean();
            case "start-step" -> {
                calls.clear();
                answered = false;
            }
            // Chunk types are open-ended; no other says anything of a call's outcome.
            default -> {
            }
        }
    }

    /** Whether a call that was made in this step has its outcome. */
    boolean isAnswered() {
        return answered;
    }
}
