package dev.baton.wire.history;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/**
 * The stored history of a session, format 1 (contract §7.4):
 * {@code {"version":1,"savedAt":…,"messages":[…],"lastOutEventId":"7","lastInEventId":"0"}}. The messages are those of
 * every record up to and including the two cursors.
 *
 * @param savedAt epoch milliseconds
 * @param messages UI messages in order of the conversation
 * @param lastOutEventId decimal {@code .out} seq up to which the messages are complete, or null
 * @param lastInEventId decimal {@code .in} seq up to which the messages are complete, or null
 * @param nonFinalIds ids of answers that were stopped, failed or were cut off (features #208); null when there are none
 */
public record Snapshot(int version, long savedAt, List<ObjectNode> messages, String lastOutEventId,
        String lastInEventId, List<String> nonFinalIds) {
    public static final int VERSION = 1;
    /** A cursor before the first record. */
    public static final long NO_SEQ = -1;

    public Snapshot {
        messages = List.copyOf(messages);
        nonFinalIds = nonFinalIds == null || nonFinalIds.isEmpty() ? null : List.copyOf(nonFinalIds);
    }

    /** Of messages that are final. @param lastOutSeq and {@code lastInSeq}: {@value #NO_SEQ} leaves the field out */
    public static Snapshot of(long savedAt, List<ObjectNode> messages, long lastOutSeq, long lastInSeq) {
        return new Snapshot(VERSION, savedAt, messages, eventId(lastOutSeq), eventId(lastInSeq), null);
    }

    /** All complete turns of a fold. */
    public static Snapshot of(long savedAt, TailFold fold) {
        return new Snapshot(VERSION, savedAt, fold.settled().messages(), eventId(fold.settledOutSeq()),
                eventId(fold.settledInSeq()), fold.settled().nonFinalIds());
    }

    /** Never null. */
    public List<String> nonFinal() {
        return nonFinalIds == null ? List.of() : nonFinalIds;
    }

    /** Empty when the bytes are not a snapshot of this format: another version, cut off, no JSON at all. */
    public static Optional<Snapshot> read(byte[] bytes) {
        try {
            Snapshot snapshot = WireJson.MAPPER.readValue(bytes, Snapshot.class);
            boolean ours = snapshot != null && snapshot.version == VERSION && isCursor(snapshot.lastOutEventId)
                    && isCursor(snapshot.lastInEventId);
            return ours ? Optional.of(snapshot) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * The index of the first message that another fold of the same records has otherwise, or not at all. Empty when all
     * messages are the same; the order of an object's fields makes no difference.
     */
    public OptionalInt firstDifference(Snapshot other) {
        int common = Math.min(messages.size(), other.messages.size());
        for (int i = 0; i < common; i++) {
            if (!stored(messages.get(i)).equals(stored(other.messages.get(i)))) {
                return OptionalInt.of(i);
            }
        }
        return messages.size() == other.messages.size() ? OptionalInt.empty() : OptionalInt.of(common);
    }

    /** As it is after it was written and read: a number in memory may have another type than the one that is read. */
    private static JsonNode stored(ObjectNode message) {
        return WireJson.readTree(message.toString());
    }

    public byte[] bytes() {
        return WireJson.bytes(this);
    }

    /** {@value #NO_SEQ} when the snapshot names none. */
    public long lastOutSeq() {
        return lastOutEventId == null ? NO_SEQ : Long.parseLong(lastOutEventId);
    }

    /** {@value #NO_SEQ} when the snapshot names none. */
    public long lastInSeq() {
        return lastInEventId == null ? NO_SEQ : Long.parseLong(lastInEventId);
    }

    private static String eventId(long seq) {
        return seq == NO_SEQ ? null : Long.toString(seq);
    }

    private static boolean isCursor(String text) {
        return text == null || text.matches("\\d{1,18}");
    }
}
