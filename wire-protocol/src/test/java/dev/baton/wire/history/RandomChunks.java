package dev.baton.wire.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/**
 * Streams of chunks as agents write them, every third one slightly broken: ids that were never opened, inputs that are no JSON,
 * steps that do not fit. Few ids, so that they meet. Same seed, same stream.
 */
final class RandomChunks {
    private static final int CHUNKS_MAX = 40;
    private static final List<String> KINDS = List.of("text", "reasoning");
    private static final String INPUT = "{\"q\":\"a\\\"b\\u00e9\",\"n\":[1,-2.5e3,true,null],\"o\":{\"x\":{},\"y\":\"\"}}";

    private final Random random;
    private final boolean broken;
    private final ArrayNode chunks = WireJson.MAPPER.createArrayNode();
    private final List<String> openTexts = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private int inputAt;
    private boolean otherMessage;

    private RandomChunks(long seed) {
        random = new Random(seed);
        broken = random.nextInt(3) == 0;
    }

    /** What the oracle reads: the message that the stream goes on with, and the chunks. */
    static ObjectNode stream(long seed) {
        RandomChunks stream = new RandomChunks(seed);
        ObjectNode line = WireJson.MAPPER.createObjectNode();
        ObjectNode message = line.putObject("message").put("id", "m").put("role", "assistant");
        ArrayNode parts = message.putArray("parts");
        if (stream.chance(4)) {
            parts.addObject().put("type", "tool-find").put("toolCallId", "c0").put("state", "approval-responded")
                    .put("input", 1).putObject("approval").put("id", "ap").put("approved", true);
            stream.calls.add("c0");
        }
        stream.add("start").put("messageId", "m");
        int length = 1 + stream.random.nextInt(CHUNKS_MAX);
        for (int i = 0; i < length; i++) {
            stream.next();
        }
        return line.set("chunks", stream.chunks);
    }

    private void next() {
        switch (random.nextInt(12)) {
            case 0, 1 -> startText();
            case 2, 3, 4 -> goOnWithText();
            case 5, 6 -> startCall();
            case 7, 8 -> goOnWithCall();
            case 9 -> step();
            case 10 -> part();
            default -> message();
        }
    }

    private void startText() {
        String kind = pick(KINDS);
        String id = "t" + random.nextInt(3);
        openTexts.add(kind + ":" + id);
        withMetadata(add(kind + "-start").put("id", id));
    }

    private void goOnWithText() {
        if (broken && chance(4)) {
            openTexts.add(pick(KINDS) + ":t" + random.nextInt(3));
        }
        if (openTexts.isEmpty()) {
            return;
        }
        String[] open = pick(openTexts).split(":");
        if (chance(3)) {
            openTexts.removeIf(text -> text.equals(open[0] + ":" + open[1]));
            withMetadata(add(open[0] + "-end").put("id", open[1]));
        } else {
            withMetadata(
                    add(open[0] + "-delta").put("id", open[1]).put("delta", pick(List.of("Hel", "lo ", "", "é\n"))));
        }
    }

    private void startCall() {
        String id = "c" + random.nextInt(3);
        calls.add(id);
        inputAt = 0;
        ObjectNode chunk = call(chance(3) ? "tool-input-available" : "tool-input-start", id);
        if (chunk.path("type").asText().endsWith("available")) {
            chunk.set("input", value());
        } else if (chance(6)) {
            chunk.put("inputEncoding", "text");
        }
    }

    private void goOnWithCall() {
        if (calls.isEmpty() && !broken) {
            return;
        }
        String id = calls.isEmpty() || broken && chance(5) ? "c" + random.nextInt(4) : pick(calls);
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> inputDelta(id);
            case 3 -> call("tool-input-available", id).set("input", value());
            case 4 -> call("tool-input-error", id).put("errorText", "e").set("input", value());
            case 5, 6 -> output(id);
            case 7 -> withResult(add("tool-output-error").put("toolCallId", id).put("errorText", "no"));
            default -> approval(id);
        }
    }

    private void inputDelta(String id) {
        int end = Math.min(INPUT.length(), inputAt + random.nextInt(12));
        String delta = INPUT.substring(Math.min(inputAt, end), end);
        inputAt = end;
        add("tool-input-delta").put("toolCallId", id).put("inputTextDelta", broken && chance(5) ? delta + "}x" : delta);
    }

    private void output(String id) {
        ObjectNode chunk = withResult(add("tool-output-available").put("toolCallId", id));
        chunk.set("output", value());
        if (chance(3)) {
            chunk.put("preliminary", true);
        }
    }

    private void approval(String id) {
        if (chance(3)) {
            add("tool-output-denied").put("toolCallId", id);
            return;
        }
        ObjectNode chunk = add("tool-approval-request").put("toolCallId", id).put("approvalId", "ap");
        if (chance(4)) {
            chunk.put("signature", "s").set("inputSchemaInput", value());
        }
    }

    private void step() {
        if (chance(2)) {
            add("start-step");
        } else {
            if (!broken) {
                openTexts.clear();
            }
            add("finish-step");
        }
    }

    private void part() {
        switch (random.nextInt(4)) {
            case 0 -> withMetadata(add("file").put("mediaType", "a/b").put("url", "u"));
            case 1 -> withMetadata(add("source-url").put("sourceId", "s").put("url", "u"));
            case 2 ->
                withMetadata(add("source-document").put("sourceId", "s").put("mediaType", "a/b").put("title", "t"));
            default -> data();
        }
    }

    private void data() {
        ObjectNode chunk = add("data-" + pick(List.of("v", "w")));
        chunk.set("data", value());
        if (chance(2)) {
            chunk.put("id", pick(List.of("1", "2")));
        }
        if (chance(4)) {
            chunk.put("transient", true);
        }
    }

    private void message() {
        switch (random.nextInt(7)) {
            case 0, 1 -> add("message-metadata").set("messageMetadata", metadata());
            case 2 -> add("finish").set("messageMetadata", metadata());
            case 3 -> add(pick(List.of("abort", "finish")));
            case 4 -> add("error").put("errorText", "e");
            case 5 -> add(pick(List.of("unheard-of", "start")));
            default -> startAnother();
        }
    }

    /** Once: a message that was left is not gone back to. */
    private void startAnother() {
        if (!otherMessage && chance(3)) {
            otherMessage = true;
            calls.clear();
            openTexts.clear();
            add("start").put("messageId", "n").set("messageMetadata", metadata());
        }
    }

    private ObjectNode call(String type, String id) {
        ObjectNode chunk = add(type).put("toolCallId", id).put("toolName", "find" + (broken ? random.nextInt(2) : ""));
        // Most calls keep to their kind; one that changes it is two parts.
        if (id.equals("c2") != (broken && chance(6))) {
            chunk.put("dynamic", true);
        }
        if (chance(5)) {
            chunk.put("title", pick(List.of("Find", "Seek")));
        }
        return withResult(chunk);
    }

    private ObjectNode withResult(ObjectNode chunk) {
        if (chance(5)) {
            chunk.put("providerExecuted", random.nextBoolean());
        }
        if (chance(5)) {
            chunk.putObject("toolMetadata").put("t", random.nextInt(9));
        }
        return withMetadata(chunk);
    }

    private ObjectNode withMetadata(ObjectNode chunk) {
        return chance(5) ? chunk.set("providerMetadata", metadata()) : chunk;
    }

    private JsonNode metadata() {
        ObjectNode metadata = WireJson.MAPPER.createObjectNode();
        metadata.putObject(pick(List.of("a", "b"))).put(pick(List.of("x", "y")), random.nextInt(9));
        if (chance(3)) {
            metadata.set("c", value());
        }
        return metadata;
    }

    private JsonNode value() {
        return WireJson
                .readTree(pick(List.of("1", "2.5", "null", "\"s\"", "[1,{}]", "{\"q\":{\"r\":[]}}", "true", "1e21")));
    }

    private ObjectNode add(String type) {
        return chunks.addObject().put("type", type);
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
