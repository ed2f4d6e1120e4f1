package dev.baton.agent.chat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.baton.wire.json.WireJson;

/**
 * The declared type of something that clients send along. Unknown fields are ignored; what must be there the type says itself:
 * primitives, {@code @JsonProperty(required = true)}, or checks in its constructor.
 */
record ClientDataType<D>(Class<D> type) {
    private static final ObjectMapper MAPPER = WireJson.MAPPER.copy()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

    /**
     * @param what names it in the message, which clients may see
     * @throws ClientDataException when it does not fit, or is not there
     */
    D read(JsonNode value, String what) {
        boolean absent = value.isMissingNode() || value.isNull();
        if (type == JsonNode.class) {
            return type.cast(absent ? MAPPER.createObjectNode() : value);
        }
        if (absent) {
            throw new ClientDataException("This agent expects " + what + ", but there is none.", null);
        }
        try {
            return MAPPER.convertValue(value, type);
        } catch (IllegalArgumentException e) {
            throw new ClientDataException("This agent cannot read the " + what + " it was sent.", e);
        }
    }
}
