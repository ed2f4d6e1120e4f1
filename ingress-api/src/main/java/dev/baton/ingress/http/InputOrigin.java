package dev.baton.ingress.http;

import java.io.UncheckedIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/** Takes from client input the claim to come from a webhook (contract §2.5, features #67). Pure. */
final class InputOrigin {
    private static final String FIELD = "actionSource";

    private InputOrigin() {}

    /** The text as it came, unless it makes that claim. */
    static String withoutForgedOrigin(String data) {
        // An escape could spell the field's name too, so only a text without any is taken at its face.
        if (!data.contains(FIELD) && data.indexOf('\\') < 0) {
            return data;
        }
        try {
            JsonNode input = WireJson.readTree(data);
            if (input.path("payload") instanceof ObjectNode payload
                    && payload.path(FIELD).asText().equals("webhook")) {
                payload.remove(FIELD);
                return input.toString();
            }
            return data;
        } catch (UncheckedIOException _) {
            return data;
        }
    }
}
