package dev.baton.system.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;

/** The records of a simulated agent on {@code .out}, made and read: an answer is one chunk and a turn-complete. */
final class Conversation {
    private static final String ANSWERS = "answers";
    private final Set<String> answered = new HashSet<>();
    private long consumed = -1;
    private long lastTurnSeq = -1;

    static ChannelRecord chunk(String message, String runId, int turn) {
        return new ChannelRecord("{\"data\":{\"answers\":\"" + message + "\"},\"id\":\"" + runId + '-' + turn + "\"}",
                List.of());
    }

    /** A record for the side channel. */
    static ChannelRecord aside(SessionKey session, int turn) {
        return new ChannelRecord("{\"data\":\"side-" + session.chatId() + '-' + turn + "\"}", List.of());
    }

    static ChannelRecord turnComplete(String message, long settledInSeq) {
        ProtocolHeader answers = new ProtocolHeader(ANSWERS, message);
        return settledInSeq < 0
                ? ChannelRecord.control(ChannelRecord.TURN_COMPLETE, answers)
                : ChannelRecord.control(ChannelRecord.TURN_COMPLETE, answers,
                        new ProtocolHeader(ChannelRecord.SESSION_IN_EVENT_ID, Long.toString(settledInSeq)));
    }

    /** The message whose answer this record completes, null when it is no turn-complete. */
    static String answeredBy(StoredRecord stored) {
        return stored.record().header(ANSWERS).orElse(null);
    }

    /** The next record that readers see. */
    void read(StoredRecord stored) {
        String message = answeredBy(stored);
        if (message != null) {
            answered.add(message);
            lastTurnSeq = stored.seq();
        }
        stored.record().header(ChannelRecord.SESSION_IN_EVENT_ID).map(Long::parseLong)
                .ifPresent(seq -> consumed = Math.max(consumed, seq));
    }

    /** What somebody knew before. */
    void add(Conversation earlier) {
        answered.addAll(earlier.answered);
        consumed = Math.max(consumed, earlier.consumed);
        lastTurnSeq = Math.max(lastTurnSeq, earlier.lastTurnSeq);
    }

    boolean answered(String message) {
        return answered.contains(message);
    }

    /** Where the newest turn that it has read is over, −1 when there was none. */
    long lastTurnSeq() {
        return lastTurnSeq;
    }

    /** Highest {@code .in} seq that a turn-complete names. */
    long consumed() {
        return consumed;
    }
}
