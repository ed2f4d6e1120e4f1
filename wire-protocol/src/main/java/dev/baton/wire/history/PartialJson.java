package dev.baton.wire.history;

import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.wire.json.WireJson;

/**
 * Reads the beginning of a JSON text: the input of a tool while the model still writes it. Whoever shows inputs reads them as the
 * AI SDK does, so this is as forgiving as that is, and no more.
 */
final class PartialJson {
    private PartialJson() {}

    /** What the text says so far, or empty when it says nothing yet. */
    static Optional<JsonNode> parse(String text) {
        Optional<JsonNode> whole = tryParse(text);
        return whole.isPresent() ? whole : tryParse(new JsonCompletion(text).completed());
    }

    private static Optional<JsonNode> tryParse(String text) {
        try {
            return Optional.ofNullable(WireJson.MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
