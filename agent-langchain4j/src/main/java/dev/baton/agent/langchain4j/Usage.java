package dev.baton.agent.langchain4j;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.output.TokenUsage;

import dev.baton.wire.json.WireJson;

/** The tokens that an answer took, over all its steps and turns. It stands in the metadata of the message, named as in the AI SDK. */
record Usage(TokenUsage tokens) {
    static final Usage NONE = new Usage(new TokenUsage());
    private static final String FIELD = "usage";

    /** What earlier turns of this message took. */
    static Usage of(ObjectNode message) {
        JsonNode usage = message.path("metadata").path(FIELD);
        return new Usage(new TokenUsage(count(usage, "inputTokens"), count(usage, "outputTokens"),
                count(usage, "totalTokens")));
    }

    /** @param step null when the model does not say */
    Usage plus(TokenUsage step) {
        return new Usage(TokenUsage.sum(tokens, step));
    }

    /** Empty when no model has said anything. */
    Optional<ObjectNode> metadata() {
        ObjectNode metadata = WireJson.MAPPER.createObjectNode();
        put(metadata, "inputTokens", tokens.inputTokenCount());
        put(metadata, "outputTokens", tokens.outputTokenCount());
        put(metadata, "totalTokens", tokens.totalTokenCount());
        return Optional.of(metadata).filter(node -> !node.isEmpty());
    }

    private static Integer count(JsonNode usage, String field) {
        return usage.path(field).isInt() ? usage.path(field).asInt() : null;
    }

    private static void put(ObjectNode metadata, String field, Integer count) {
        if (count != null) {
            metadata.withObjectProperty(FIELD).put(field, count);
        }
    }
}
