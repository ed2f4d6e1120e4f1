package dev.baton.agent.chat;

import java.util.HashSet;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The calls of the step that is being written. A page that sends answers to calls by itself looks at the last step of a message:
 * if that has calls, and all of them have an outcome, the page takes them for answers of its user, sends them to the agent that
 * wrote them, and waits for a turn that does not come. So words do not join them in their step. Models do not write such steps
 * either, for they are asked again with the outcome.
 */
final class StepCalls {
    private final Set<String> waiting = new HashSet<>();
    private boolean any;

    void add(JsonNode chunk) {
        String callId = chunk.path("toolCallId").asText();
        switch (chunk.path("type").asText()) {
            case "tool-input-start", "tool-input-available", "tool-input-error" -> {
                waiting.add(callId);
                any = true;
            }
            case "tool-output-available", "tool-output-error", "tool-output-denied" -> {
                if (!chunk.path("preliminary").asBoolean()) {
                    waiting.remove(callId);
                }
            }
            case "start-step" -> {
                waiting.clear();
                any = false;
            }
            // Chunk types are open-ended; no other says anything of a call's outcome.
            default -> {
            }
        }
    }

    /** Whether calls were made in this step, and all of them have their outcome. */
    boolean areSettled() {
        return any && waiting.isEmpty();
    }
}
