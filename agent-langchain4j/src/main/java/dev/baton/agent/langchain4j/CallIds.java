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
    /** Of calls whose input is being written, by what the model calls them. */
    private final Map<String, String> streaming = new HashMap<>();

    /** @param earlier those of the message that the answer goes on with */
    CallIds(List<ToolCall> earlier) {
        earlier.forEach(call -> taken.add(call.id()));
    }

    void nextStep() {
        streaming.clear();
    }

    boolean isStreaming(String modelId) {
        return streaming.containsKey(modelId);
    }

    /** Of a call whose input is being written. */
    String streaming(String modelId) {
        return streaming.computeIfAbsent(modelId, this::unique);
    }

    /**
     * Of a call that is complete; another one that the model calls the same is another call.
     *
     * @param modelId null or empty when the model does not name it
     */
    String complete(String modelId) {
        String id = streaming.remove(modelId);
        return id == null ? unique(modelId == null ? "" : modelId) : id;
    }

    private String unique(String modelId) {
        String id = modelId.isEmpty() || taken.contains(modelId) ? "call-" + UUID.randomUUID() : modelId;
        taken.add(id);
        return id;
    }
}
