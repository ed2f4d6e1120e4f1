package dev.baton.agent.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/** Both channels of the one session of a {@link FakeBaton}, in memory. All methods hold its monitor. */
public final class FakeSession {
    private final List<JsonNode> in = new ArrayList<>();
    private final List<JsonNode> out = new ArrayList<>();

    /** Appends what a client would post; the stored data is a string. */
    public synchronized long appendIn(String rawBody) {
        ObjectNode body = WireJson.MAPPER.createObjectNode().put("data", rawBody).put("id", "part" + in.size());
        in.add(record(in.size(), body.toString(), null));
        notifyAll();
        return in.size() - 1L;
    }

    public synchronized long appendOut(String body, JsonNode headers) {
        // Offsets rise and are not dense.
        long seq = out.size() * 2L;
        out.add(record(seq, body, headers));
        notifyAll();
        return seq;
    }

    /** A chunk as an earlier run wrote it. */
    public long chunk(String json) {
        ObjectNode body = WireJson.MAPPER.createObjectNode();
        body.set("data", WireJson.readTree(json));
        return appendOut(body.put("id", "old" + out.size()).toString(), null);
    }

    /** A turn-complete as an earlier run wrote it; {@code inSeq} null leaves the header out. */
    public long turnComplete(Long inSeq) {
        ArrayNode headers = WireJson.MAPPER.createArrayNode();
        headers.addArray().add("trigger-control").add("turn-complete");
        if (inSeq != null) {
            headers.addArray().add("session-in-event-id").add(inSeq.toString());
        }
        return appendOut("", headers);
    }

    /** All records of {@code .out}, as in a batch frame. */
    public synchronized List<JsonNode> out() {
        return List.copyOf(out);
    }

    /** The chunks on {@code .out}. */
    public List<JsonNode> chunks() {
        return out().stream().filter(record -> !record.path("body").asText().isEmpty())
                .map(record -> WireJson.readTree(record.path("body").asText()).path("data")).toList();
    }

    /** All text on {@code .out}, joined. */
    public String text() {
        StringBuilder text = new StringBuilder();
        chunks().forEach(chunk -> text.append(chunk.path("delta").asText()));
        return text.toString();
    }

    /** Types of the chunks and subtypes of the control records, in order. */
    public List<String> outline() {
        return out().stream().map(record -> record.path("body").asText().isEmpty()
                ? record.path("headers").path(0).path(1).asText()
                : WireJson.readTree(record.path("body").asText()).path("data").path("type").asText()).toList();
    }

    /** The {@code session-in-event-id} of every turn-complete, {@code "none"} where there is none. */
    public List<String> settled() {
        return out().stream().filter(record -> record.path("headers").path(0).path(1).asText().equals("turn-complete"))
                .map(record -> record.path("headers").valueStream()
                        .filter(header -> header.path(0).asText().equals("session-in-event-id"))
                        .map(header -> header.path(1).asText()).findFirst().orElse("none"))
                .toList();
    }

    synchronized List<JsonNode> after(String channel, long seq) {
        Predicate<JsonNode> newer = record -> record.path("seq_num").asLong() > seq;
        return (channel.equals("in") ? in : out).stream().filter(newer).toList();
    }

    synchronized List<JsonNode> awaitIn(long afterSeq, long millis) throws InterruptedException {
        if (after("in", afterSeq).isEmpty()) {
            wait(millis);
        }
        return after("in", afterSeq);
    }

    private static JsonNode record(long seq, String body, JsonNode headers) {
        ObjectNode record = WireJson.MAPPER.createObjectNode().put("seq_num", seq).put("timestamp", 1_000 + seq)
                .put("body", body);
        if (headers != null && !headers.isEmpty()) {
            record.set("headers", headers);
        }
        return record;
    }
}
