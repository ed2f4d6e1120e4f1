package dev.baton.agent.langchain4j;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.baton.agent.chat.ToolCall;

/**
 * The ids of the calls of one answer, each once: clients put chunks together by them. Some models name no calls, others begin anew in
 * every step.
 */
final class CallIds {
    private final Set<String> taken = new HashSet<>();
    private final Map<String, String> ofThisStep = new HashMap<>();

    /** @param earlier those of the message that the answer goes on with */
    CallIds(List<ToolCall> earlier) {
        earlier.forEach(call -> taken.add(call.id()));
    }

    void nextStep() {
        ofThisStep.clear();
    }

    /** Whether the model has not said this id in this step. */
    boolean isNew(String modelId) {
        return !ofThisStep.containsKey(modelId);
    }

    /** @param modelId null or empty when the model does not name it: such a call has an id of its own each time */
    String of(String modelId) {
        return modelId == null || modelId.isEmpty() ? unique("") : ofThisStep.computeIfAbsent(modelId, this::unique);
    }

    private String unique(String modelId) {
        String id = modelId.isEmpty() || taken.contains(modelId) ? "call-" + UUID.randomUUID() : modelId;
        taken.add(id);
        return id;
    }
}
