package dev.baton.ingress.http;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.history.TailFold;
import dev.baton.wire.json.WireJson;

/**
 * The messages of a conversation as somebody reads them who has not followed it (contract §1.11). Pure.
 *
 * @param fold snapshot and tail
 */
record Transcript(TailFold fold) {
    /** @param out and {@code in}: records behind the snapshot, drained */
    static Transcript of(Optional<Snapshot> snapshot, ArrayNode out, ArrayNode in) {
        TailFold fold = new TailFold(snapshot);
        in.forEach(record -> fold.input(new TailFold.Input(record.path("seqNum").longValue(),
                parsed(record.path("data")))));
        for (JsonNode record : out) {
            fold.writtenBy(record.path("generation").asLong());
            if (header(record, ChannelRecord.CONTROL).filter(ChannelRecord.TURN_COMPLETE::equals).isPresent()) {
                fold.completeTurn(record.path("seqNum").longValue(),
                        Boundary.consumedInSeq(header(record, ChannelRecord.SESSION_IN_EVENT_ID)));
            } else {
                fold.chunk(parsed(record.path("data")));
            }
        }
        return new Transcript(fold);
    }

    /**
     * The newest messages before a place, oldest first.
     *
     * @param before how many messages of the conversation are older than the end of the page
     */
    ObjectNode page(int limit, int before) {
        List<ObjectNode> messages = fold.messages();
        int end = Math.min(before, messages.size());
        int begin = Math.max(0, end - limit);
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        List<ObjectNode> shown = messages.subList(begin, end);
        answer.putArray("messages").addAll(shown);
        ArrayNode nonFinal = answer.putArray("nonFinalIds");
        fold.settled().nonFinalIds().stream()
                .filter(id -> shown.stream().anyMatch(message -> message.path("id").asText().equals(id)))
                .forEach(nonFinal::add);
        ObjectNode cursors = WireJson.MAPPER.createObjectNode();
        putCursor(cursors, "lastOutEventId", fold.settledOutSeq());
        putCursor(cursors, "lastInEventId", fold.settledInSeq());
        if (!cursors.isEmpty()) {
            answer.set("cursors", cursors);
        }
        if (begin > 0) {
            answer.put("nextCursor", PageCursors.ofMessage(begin));
        }
        return answer;
    }

    private static void putCursor(ObjectNode cursors, String name, long seq) {
        if (seq != Snapshot.NO_SEQ) {
            cursors.put(name, Long.toString(seq));
        }
    }

    private static Optional<String> header(JsonNode record, String name) {
        return record.path("headers").valueStream().filter(pair -> pair.path(0).asText().equals(name))
                .map(pair -> pair.path(1).asText()).findFirst();
    }

    /** What clients append is text, JSON as a rule (contract §2.5); what is not brings no message. */
    private static JsonNode parsed(JsonNode data) {
        if (!data.isTextual()) {
            return data;
        }
        try {
            return data.textValue().isEmpty() ? MissingNode.getInstance() : WireJson.readTree(data.textValue());
        } catch (UncheckedIOException _) {
            return MissingNode.getInstance();
        }
    }
}
