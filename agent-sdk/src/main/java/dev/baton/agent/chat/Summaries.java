package dev.baton.agent.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.Names;
import dev.baton.wire.json.WireJson;

/**
 * Summaries that stand for the older part of a history towards the model, while people go on seeing all of it (features #257 to
 * #260). A summary is a data part of the answer it was made with, so it is stored, replayed and audited as every part is. One whose
 * messages were edited since counts no more.
 */
final class Summaries {
    private static final String TYPE = "data-compaction";
    private static final String COMPLETE = "complete";

    private Summaries() {}

    /** Tells clients that a summary is being made; not stored. */
    static ObjectNode begun(String untilId) {
        return chunk(untilId, "compacting").put("transient", true);
    }

    /**
     * A summary as it is stored.
     *
     * @param messages everything up to and including the last message it stands for
     */
    static ObjectNode made(List<ObjectNode> messages, String summary) {
        ObjectNode chunk = chunk(id(messages.getLast()), COMPLETE);
        chunk.withObject("/data").put("summary", summary).put("until", id(messages.getLast())).put("messages",
                fingerprint(messages));
        return chunk;
    }

    private static ObjectNode chunk(String untilId, String status) {
        ObjectNode chunk = WireJson.MAPPER.createObjectNode().put("type", TYPE).put("id", "compaction-" + untilId);
        chunk.putObject("data").put("status", status);
        return chunk;
    }

    /**
     * The newest summary that holds, as a message, and what came after it; all of the history where there is none.
     *
     * @param answer the open answer, which may hold a summary and is itself no part of the result
     */
    static List<ObjectNode> applied(List<ObjectNode> history, Optional<ObjectNode> answer) {
        List<ObjectNode> holders = new ArrayList<>(history);
        answer.ifPresent(holders::add);
        for (ObjectNode message : holders.reversed()) {
            for (JsonNode part : message.path("parts")) {
                Optional<Integer> until = summarised(part, history);
                if (until.isPresent()) {
                    List<ObjectNode> rest = new ArrayList<>(history.subList(until.get(), history.size()));
                    rest.addFirst(message(part.path("data")));
                    return rest;
                }
            }
        }
        return history;
    }

    /** How many messages this part stands for; empty when it is no summary, or one of messages that are no longer these. */
    private static Optional<Integer> summarised(JsonNode part, List<ObjectNode> history) {
        JsonNode data = part.path("data");
        if (!part.path("type").asText().equals(TYPE) || !data.path("status").asText().equals(COMPLETE)) {
            return Optional.empty();
        }
        for (int i = 0; i < history.size(); i++) {
            if (id(history.get(i)).equals(data.path("until").asText())) {
                List<ObjectNode> messages = history.subList(0, i + 1);
                return fingerprint(messages).equals(data.path("messages").asText())
                        ? Optional.of(messages.size())
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static ObjectNode message(JsonNode data) {
        ObjectNode message = WireJson.MAPPER.createObjectNode().put("id", "summary-" + data.path("until").asText())
                .put("role", "system");
        message.putArray("parts").addObject().put("type", "text").put("text", data.path("summary").asText());
        return message;
    }

    private static String fingerprint(List<ObjectNode> messages) {
        return Names.fingerprint(String.join("/", messages.stream().map(Summaries::id).toList()));
    }

    private static String id(ObjectNode message) {
        return message.path("id").asText();
    }
}
