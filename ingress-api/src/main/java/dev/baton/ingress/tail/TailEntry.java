package dev.baton.ingress.tail;

import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.SessionKey;

/**
 * A record of a channel as readers get it. Its JSON is encoded once, however many readers there are.
 *
 * @param seq the cursor; {@link StoredRecord#NO_SEQ} for records that only auditors see
 * @param generation of the writer, 0 when it named no run
 * @param fence the generation from which on writers are accepted when this is a fence, else 0
 * @param visible whether readers of the protocol see it at all
 * @param settles whether nothing is owed to the reader after it: a turn-complete, or the end of the session
 * @param json {@code {"seq_num":…,"timestamp":…,"headers":…,"body":…}} as bytes of UTF-8 on one line; empty for
 *     records that nobody is given. Shared by all readers: never written to
 */
public record TailEntry(SessionKey key, long offset, long seq, long timestampMs, long generation, long fence,
        boolean visible, boolean settles, byte[] json) {
    private static final byte[] NO_JSON = new byte[0];
    /** Objects and references around the JSON, roughly. */
    private static final int OVERHEAD_BYTES = 200;

    public static TailEntry of(StoredRecord stored) {
        ChannelRecord record = stored.record();
        boolean settles = record.isControl(ChannelRecord.TURN_COMPLETE)
                || record.isControl(ChannelRecord.SESSION_CLOSED);
        return new TailEntry(stored.key(), stored.offset(), stored.seq(), stored.timestampMs(),
                stored.writer().generation(), stored.fence(), stored.visible(), settles,
                stored.visible() || isFirstTurn(stored) ? encode(stored) : NO_JSON);
    }

    /** The message a session was created with: readers of the protocol do not see it, a fold of its history does. */
    private static boolean isFirstTurn(StoredRecord stored) {
        return stored.seq() == StoredRecord.NO_SEQ;
    }

    /** @param afterSeq {@link ReadPlan#WITH_FIRST_TURN} to see also the message a session was created with */
    boolean isFor(long afterSeq) {
        return (visible || seq == StoredRecord.NO_SEQ) && seq > afterSeq;
    }

    /** What this entry counts in bounded memory, in bytes. */
    long cost() {
        return json.length + OVERHEAD_BYTES;
    }

    private static byte[] encode(StoredRecord stored) {
        ObjectNode node = WireJson.MAPPER.createObjectNode();
        node.put("seq_num", stored.seq());
        node.put("timestamp", stored.timestampMs());
        if (!stored.record().headers().isEmpty()) {
            ArrayNode headers = node.putArray("headers");
            for (ProtocolHeader header : stored.record().headers()) {
                headers.addArray().add(header.name()).add(header.value());
            }
        }
        node.put("body", stored.record().body());
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }
}
