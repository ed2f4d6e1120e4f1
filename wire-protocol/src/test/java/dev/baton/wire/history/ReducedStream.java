package dev.baton.wire.history;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/** A stream folded as the reducer alone does it: without the cleaning that a turn does with an answer that broke off. */
final class ReducedStream {
    private static final JsonNode START = WireJson.readTree("{\"type\":\"start\"}");
    private static final JsonNode FINISH = WireJson.readTree("{\"type\":\"finish\"}");

    private ReducedStream() {}

    /** @param message the assistant message that the stream goes on with */
    static JsonNode fold(ObjectNode message, JsonNode chunks) {
        ConversationFold fold = new ConversationFold(List.of(message));
        fold.chunk(((ObjectNode) START.deepCopy()).put("messageId", message.path("id").asText()));
        chunks.forEach(fold::chunk);
        // A start takes an abort back and a finish says that the answer is whole: what is left is what the reducer has.
        fold.chunk(START);
        fold.chunk(FINISH);
        fold.completeTurn();
        return fold.messages().getLast();
    }
}
