package dev.baton.system.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.wire.json.WireJson;

/**
 * A record as a reader of the protocol gets it (contract §2.2).
 *
 * @param body its text, empty for control records
 * @param headers each a name and a value
 */
public record StreamRecord(long seq, long timestampMs, String body, List<List<String>> headers) {
    static List<StreamRecord> ofBatch(String data) {
        List<StreamRecord> records = new ArrayList<>();
        for (JsonNode record : WireJson.readTree(data).path("records")) {
            if (!record.path("seq_num").isIntegralNumber() || !record.path("timestamp").isIntegralNumber()) {
                throw new AssertionError("expected seq_num and timestamp as whole numbers, but was " + record);
            }
            records.add(new StreamRecord(record.path("seq_num").longValue(), record.path("timestamp").longValue(),
                    record.path("body").asText(""), headers(record.path("headers"))));
        }
        return records;
    }

    private static List<List<String>> headers(JsonNode pairs) {
        List<List<String>> headers = new ArrayList<>();
        pairs.forEach(pair -> headers.add(List.of(pair.get(0).textValue(), pair.get(1).textValue())));
        return List.copyOf(headers);
    }

    public Optional<String> header(String name) {
        return headers.stream().filter(pair -> pair.get(0).equals(name)).map(pair -> pair.get(1)).findFirst();
    }

    public boolean isControl(String subtype) {
        return header("trigger-control").filter(subtype::equals).isPresent();
    }

    public boolean isTurnComplete() {
        return isControl("turn-complete");
    }

    /** What a data record carries; missing for control records. */
    public JsonNode data() {
        return body.isEmpty() ? WireJson.MAPPER.missingNode() : WireJson.readTree(body).path("data");
    }

    /** The id that writers give to a record; empty for control records. */
    public String id() {
        return body.isEmpty() ? "" : WireJson.readTree(body).path("id").asText();
    }

    /** Type of the UI-message chunk; empty for control records. */
    public String chunkType() {
        return data().path("type").asText("");
    }

    /** What it adds to the text of an answer. */
    public String textDelta() {
        return chunkType().equals("text-delta") ? data().path("delta").asText() : "";
    }
}
