package dev.baton.snapshot.domain;

import java.util.List;

import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;

/** Stored records for tests. */
public final class Records {
    public static final SessionKey CHAT = new SessionKey("env_dev", "chat-1");

    private Records() {}

    public static StoredRecord chunk(SessionKey key, long offset, long generation, String json) {
        return out(key, offset, generation, new ChannelRecord("{\"data\":" + json + ",\"id\":\"x\"}", List.of()));
    }

    public static StoredRecord turnComplete(SessionKey key, long offset, long generation, long inSeq) {
        ProtocolHeader[] siblings = inSeq < 0
                ? new ProtocolHeader[0]
                : new ProtocolHeader[]{
                        new ProtocolHeader(ChannelRecord.SESSION_IN_EVENT_ID, Long.toString(inSeq))};
        return out(key, offset, generation, ChannelRecord.control(ChannelRecord.TURN_COMPLETE, siblings));
    }

    public static StoredRecord control(SessionKey key, long offset, long timestampMs, String subtype) {
        return new StoredRecord(key, Channel.OUT, offset, offset, timestampMs, ChannelRecord.control(subtype),
                Writer.UNNAMED, 0);
    }

    public static StoredRecord fence(SessionKey key, long offset, long generation) {
        return new StoredRecord(key, Channel.OUT, offset, offset, 0, new ChannelRecord("", List.of()), Writer.UNNAMED,
                generation);
    }

    public static StoredRecord in(SessionKey key, long offset, long seq, String text) {
        return new StoredRecord(key, Channel.IN, seq, offset, 0, ChannelRecord.ofText(text, "p" + seq),
                Writer.UNNAMED, 0);
    }

    public static String userMessage(String id, String text) {
        return "{\"kind\":\"message\",\"payload\":{\"trigger\":\"submit-message\",\"message\":{\"id\":\"" + id
                + "\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}}}";
    }

    private static StoredRecord out(SessionKey key, long offset, long generation, ChannelRecord record) {
        Writer writer = generation == 0 ? Writer.UNNAMED : new Writer(generation, "run_" + generation);
        return new StoredRecord(key, Channel.OUT, offset, offset, 0, record, writer, 0);
    }
}
