package dev.baton.ingress.http;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/** Records as the drain endpoint shows them: unwrapped (contract §2.7). Pure. */
final class DrainedRecords {
    private DrainedRecords() {}

    /**
     * {@code {"data":…,"id":…,"seqNum":…,"headers":…}} of a stream record. A control record has empty data and id; a
     * body that is not the wrapper of a data record is shown as it is.
     */
    static ObjectNode drained(byte[] streamJson) {
        JsonNode stream = parse(streamJson);
        String body = stream.path("body").asText();
        ObjectNode drained = WireJson.MAPPER.createObjectNode();
        JsonNode wrapper = body.isEmpty() ? null : wrapper(body);
        if (wrapper == null) {
            drained.put("data", body).put("id", "");
        } else {
            drained.set("data", wrapper.get("data"));
            drained.put("id", wrapper.path("id").asText());
        }
        drained.put("seqNum", stream.path("seq_num").longValue());
        if (stream.has("headers")) {
            drained.set("headers", stream.get("headers"));
        }
        return drained;
    }

    private static JsonNode wrapper(String body) {
        try {
            JsonNode node = WireJson.readTree(body);
            return node.isObject() && node.has("data") ? node : null;
        } catch (UncheckedIOException _) {
            return null;
        }
    }

    private static JsonNode parse(byte[] json) {
        try {
            return WireJson.MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException("our own JSON does not parse", e);
        }
    }
}
