package dev.baton.wire.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/**
 * A change that an agent makes to the history of its conversation. It names messages by their ids, so it means the same
 * whatever has come behind them meanwhile. On {@code .out} it is a row of transient data chunks in front of a turn-complete
 * (PROTOCOL 4.11): browsers show nothing of it, every fold applies it with its turn or not at all.
 *
 * @param remove ids of messages that go
 * @param puts in order, after the removals
 */
public record HistoryEdit(List<String> remove, List<Put> puts) {
    /** The type of its chunks. */
    public static final String CHUNK_TYPE = "data-history-edit";
    private static final String PART = "part";
    private static final String REMOVE = "remove";
    private static final String PUT = "put";
    private static final String AFTER = "after";

    /**
     * A message takes the place of the one with its id; where there is none, it goes in.
     *
     * @param after id of the message before it; empty for the front. One that is not there means the end
     */
    public record Put(ObjectNode message, Optional<String> after) {}

    public HistoryEdit {
        remove = List.copyOf(remove);
        puts = List.copyOf(puts);
    }

    /**
     * What makes one history of another. Messages that stay as they are take no part in it, unless the order changes.
     *
     * @param before may hold messages without an id; those stay, or none of them does
     * @throws IllegalArgumentException when a new message has no id, two have the same, or one without an id would go
     */
    public static HistoryEdit between(List<ObjectNode> before, List<ObjectNode> after) {
        Map<String, ObjectNode> known = byId(before);
        List<String> order = after.stream().map(HistoryEdit::id).filter(id -> !id.isEmpty()).toList();
        requireIds(before, after);
        Set<String> stay = new HashSet<>(order);
        List<String> keptBefore = before.stream().map(HistoryEdit::id).filter(stay::contains).toList();
        boolean reordered = !keptBefore.equals(order.stream().filter(known::containsKey).toList());
        List<String> remove = known.keySet().stream().filter(id -> reordered || !stay.contains(id)).sorted().toList();
        List<Put> puts = new ArrayList<>();
        Optional<String> previous = Optional.empty();
        for (ObjectNode message : after) {
            if (!id(message).isEmpty()) {
                if (reordered || !message.equals(known.get(id(message)))) {
                    puts.add(new Put(message.deepCopy(), previous));
                }
                previous = Optional.of(id(message));
            }
        }
        return new HistoryEdit(remove, puts);
    }

    private static Map<String, ObjectNode> byId(List<ObjectNode> messages) {
        Map<String, ObjectNode> byId = new HashMap<>();
        messages.stream().filter(message -> !id(message).isEmpty()).forEach(message -> byId.put(id(message), message));
        return byId;
    }

    private static void requireIds(List<ObjectNode> before, List<ObjectNode> after) {
        List<ObjectNode> nameless = nameless(after);
        if (!nameless.equals(nameless(before))) {
            throw new IllegalArgumentException("expected every message that an edit adds or removes to have an id,"
                    + " but there is one without: give new messages an id, and let those stay that clients sent without");
        }
        if (byId(after).size() + nameless.size() != after.size()) {
            throw new IllegalArgumentException(
                    "expected every message of a history to have an id of its own, but two have the same");
        }
    }

    private static List<ObjectNode> nameless(List<ObjectNode> messages) {
        return messages.stream().filter(message -> id(message).isEmpty()).toList();
    }

    public boolean isEmpty() {
        return remove.isEmpty() && puts.isEmpty();
    }

    /** Whether it removes, changes or adds the message with this id. */
    public boolean touches(String messageId) {
        return remove.contains(messageId) || puts.stream().anyMatch(put -> id(put.message()).equals(messageId));
    }

    /** The history after this edit; also of one that has more messages than that it was made of, or fewer. */
    public List<ObjectNode> applyTo(List<ObjectNode> messages) {
        List<ObjectNode> edited = new ArrayList<>(messages);
        edited.removeIf(message -> remove.contains(id(message)));
        puts.forEach(put -> put(edited, put));
        return List.copyOf(edited);
    }

    private static void put(List<ObjectNode> messages, Put put) {
        int known = indexOf(messages, id(put.message()));
        if (known >= 0) {
            messages.set(known, put.message());
        } else if (put.after().isEmpty()) {
            messages.addFirst(put.message());
        } else {
            int before = indexOf(messages, put.after().get());
            messages.add(before < 0 ? messages.size() : before + 1, put.message());
        }
    }

    private static int indexOf(List<ObjectNode> messages, String id) {
        for (int i = 0; i < messages.size(); i++) {
            if (id(messages.get(i)).equals(id)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Its chunks: the removals, then one for every message.
     *
     * @param firstPart how many chunks of edits the turn has before these
     */
    public List<ObjectNode> chunks(int firstPart) {
        List<ObjectNode> chunks = new ArrayList<>();
        if (!remove.isEmpty()) {
            ObjectNode data = chunk(chunks, firstPart);
            remove.forEach(data.putArray(REMOVE)::add);
        }
        for (Put put : puts) {
            ObjectNode data = chunk(chunks, firstPart);
            data.set(PUT, put.message());
            put.after().ifPresent(id -> data.put(AFTER, id));
        }
        return List.copyOf(chunks);
    }

    private static ObjectNode chunk(List<ObjectNode> chunks, int firstPart) {
        ObjectNode chunk = WireJson.MAPPER.createObjectNode().put("type", CHUNK_TYPE).put("transient", true);
        ObjectNode data = chunk.putObject("data").put(PART, firstPart + chunks.size());
        chunks.add(chunk);
        return data;
    }

    static boolean isChunk(JsonNode chunk) {
        return chunk.path("type").asText().equals(CHUNK_TYPE);
    }

    /** Whether edits of a turn begin with this chunk: what is before it was left by a run that died. */
    static boolean isFirst(JsonNode chunk) {
        return chunk.path("data").path(PART).asInt() == 0;
    }

    /** What one chunk says; one that says nothing we know is an empty edit. */
    static HistoryEdit of(JsonNode chunk) {
        JsonNode data = chunk.path("data");
        List<Put> puts = data.path(PUT) instanceof ObjectNode message && !id(message).isEmpty()
                ? List.of(new Put(message.deepCopy(), Optional.ofNullable(data.path(AFTER).textValue())))
                : List.of();
        return new HistoryEdit(data.path(REMOVE).valueStream().map(JsonNode::asText).toList(), puts);
    }

    private static String id(JsonNode message) {
        return message.path("id").asText();
    }
}
