package dev.baton.agent.session;

import java.util.concurrent.ThreadLocalRandom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.Utf8;
import dev.baton.wire.json.WireJson;

/**
 * A record on its way to {@code .out}.
 *
 * @param id of the body: by it readers recognise a record that was sent twice; empty for control records
 */
public record OutgoingRecord(String id, ChannelRecord record) {
    private static final int ID_CHARS = 7;
    /** What the body has around the chunk: {@code {"data":,"id":"…"}}. */
    private static final int ENVELOPE_BYTES = 17 + ID_CHARS;
    private static final String ID_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-";

    /** A data record: agents write the chunk as an object, not as a string (contract §2.5). */
    public static OutgoingRecord ofChunk(JsonNode chunk) {
        String id = newId();
        ObjectNode body = WireJson.MAPPER.createObjectNode();
        body.set("data", chunk);
        body.put("id", id);
        return new OutgoingRecord(id, new ChannelRecord(body.toString(), java.util.List.of()));
    }

    public static OutgoingRecord ofControl(ChannelRecord control) {
        return new OutgoingRecord("", control);
    }

    /** Size of the chunk in bytes of UTF-8; of data records only. */
    public long chunkBytes() {
        return Utf8.length(record.body()) - ENVELOPE_BYTES;
    }

    /** Whether this is the record that was read. */
    boolean isStoredAs(LogRecord stored) {
        return id.isEmpty()
                ? stored.id().isEmpty() && stored.headers().equals(record.headers())
                : stored.id().equals(id);
    }

    private static String newId() {
        StringBuilder id = new StringBuilder(ID_CHARS);
        for (int i = 0; i < ID_CHARS; i++) {
            id.append(ID_ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ID_ALPHABET.length())));
        }
        return id.toString();
    }
}
