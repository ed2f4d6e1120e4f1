package dev.baton.wire.history;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/** The answer that is being written: one assistant message and the parts of it that still stream. */
final class OpenAnswer {
    private static final String DATA_PREFIX = "data-";

    private final ObjectNode message;
    private final ArrayNode parts;
    private final StreamingTexts texts;
    private final ToolParts tools;
    private boolean named;
    private boolean finished;
    private boolean failed;
    private boolean aborted;

    private OpenAnswer(ObjectNode message, boolean named) {
        this.message = message;
        this.named = named;
        parts = message.withArrayProperty("parts");
        texts = new StreamingTexts(parts);
        tools = new ToolParts(parts);
    }

    static OpenAnswer named(String id) {
        return new OpenAnswer(empty(id), true);
    }

    /** The id gives way to that of a {@code start} that comes later. */
    static OpenAnswer unnamed(String id) {
        return new OpenAnswer(empty(id), false);
    }

    /** A message that is settled goes on: tool answers came, or its turn was taken up again. */
    static OpenAnswer continuing(ObjectNode message) {
        return new OpenAnswer(message, true);
    }

    /** Whether a chunk that comes outside of an answer begins one. */
    static boolean opens(String type, JsonNode chunk) {
        return switch (type) {
            case "text-start", "reasoning-start", "tool-input-start", "tool-input-available", "file", "source-url",
                    "source-document", "start-step" ->
                true;
            // Chunk types are open-ended text; only persistent data parts have names of their own.
            default -> type.startsWith(DATA_PREFIX) && !chunk.path("transient").asBoolean();
        };
    }

    void apply(String type, JsonNode chunk) {
        switch (type) {
            case "text-start", "text-delta", "text-end", "reasoning-start", "reasoning-delta", "reasoning-end" ->
                texts.apply(type, chunk);
            case "tool-input-start", "tool-input-delta", "tool-input-available", "tool-input-error",
                    "tool-approval-request", "tool-output-available", "tool-output-error", "tool-output-denied" ->
                tools.apply(type, chunk);
            case "file" -> Fields.setIfPresent(addPart(chunk, "mediaType", "url"), "providerMetadata",
                    chunk.get("providerMetadata"));
            case "source-url" -> addPart(chunk, "sourceId", "url", "title", "providerMetadata");
            case "source-document" ->
                addPart(chunk, "sourceId", "mediaType", "title", "filename", "providerMetadata");
            case "start-step" -> parts.addObject().put("type", "step-start");
            case "finish-step" -> texts.forget();
            case "message-metadata" -> mergeMetadata(chunk.get("messageMetadata"));
            case "finish" -> finish(chunk);
            case "abort" -> aborted = true;
            // No part of a message, but such an answer is not a final one.
            case "error" -> failed = true;
            // Open-ended: types of newer agents are not ours to guess.
            default -> data(type, chunk);
        }
    }

    /** Whether a {@code start} with this id (empty for none) belongs to this answer. */
    boolean accepts(String id) {
        return id.isEmpty() || !named || message.path("id").asText().equals(id);
    }

    void name(String id) {
        message.put("id", id);
        named = true;
    }

    boolean finished() {
        return finished && !aborted;
    }

    /** Whether it came to its own end: not stopped, not failed, not cut off (features #208). */
    boolean isFinal() {
        return finished() && !failed;
    }

    /** A stream of chunks for this message starts, perhaps not the first one. */
    void begin(JsonNode chunk) {
        finished = false;
        aborted = false;
        failed = false;
        mergeMetadata(chunk.get("messageMetadata"));
    }

    private void mergeMetadata(JsonNode metadata) {
        if (metadata == null || metadata.isNull()) {
            return;
        }
        JsonNode present = message.get("metadata");
        message.set("metadata",
                present == null || present.isNull() ? metadata.deepCopy() : JsonMerge.merge(present, metadata));
    }

    void overlay(ToolAnswers answers) {
        answers.overlayInPlace(message);
    }

    void interrupt() {
        texts.forget();
        if (!finished()) {
            AnswerCleaning.clean(message);
        }
        tools.forget();
    }

    /** The message as it would be kept now: as it is when it finished by itself, else cleaned. */
    Optional<ObjectNode> result() {
        texts.flush();
        if (finished()) {
            tools.flush();
            return Optional.of(message.deepCopy());
        }
        ObjectNode kept = message.deepCopy();
        AnswerCleaning.clean(kept);
        return AnswerCleaning.saysSomething(kept) ? Optional.of(kept) : Optional.empty();
    }

    /** The message as it would be kept if it came to its own end here. */
    Optional<ObjectNode> whole() {
        texts.flush();
        tools.flush();
        return AnswerCleaning.saysSomething(message) ? Optional.of(message.deepCopy()) : Optional.empty();
    }

    private static ObjectNode empty(String id) {
        return WireJson.MAPPER.createObjectNode().put("id", id).put("role", "assistant");
    }

    private void finish(JsonNode chunk) {
        finished = true;
        mergeMetadata(chunk.get("messageMetadata"));
    }

    private ObjectNode addPart(JsonNode chunk, String... fields) {
        ObjectNode part = parts.addObject().put("type", chunk.path("type").asText());
        for (String field : fields) {
            if (chunk.has(field)) {
                part.set(field, chunk.get(field).deepCopy());
            }
        }
        return part;
    }

    /** Same type and id replaces the data in place; transient parts only stream (features #121). */
    private void data(String type, JsonNode chunk) {
        if (!type.startsWith(DATA_PREFIX) || chunk.path("transient").asBoolean()) {
            return;
        }
        for (JsonNode part : parts) {
            if (chunk.hasNonNull("id") && type.equals(part.path("type").asText())
                    && chunk.get("id").equals(part.get("id"))) {
                Fields.set((ObjectNode) part, "data", chunk.get("data"));
                return;
            }
        }
        parts.add(chunk.deepCopy());
    }
}
