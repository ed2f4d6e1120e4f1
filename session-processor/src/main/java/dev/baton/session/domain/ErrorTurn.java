package dev.baton.session.domain;

import java.util.List;

import dev.baton.wire.Names;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.json.Json;

/** The end that the server puts to a turn which no run could end: as an agent ends a failed one (contract §6.2). */
final class ErrorTurn {
    private ErrorTurn() {}

    /** An error chunk, which shows in the chat, and a turn-complete that settles the message. Nothing internal is said. */
    static List<ChannelRecord> records(SessionProfile profile, SessionEvent.MessageGivenUp message) {
        Json chunk = Json.EMPTY_OBJECT.with("type", "error").with("errorText", "The agent stopped unexpectedly "
                + message.runs() + " times while it answered this message. Please try another message.");
        String id = "given-up-" + Names.fingerprint(profile.id() + ":" + message.inSeq());
        return List.of(new ChannelRecord(Json.EMPTY_OBJECT.with("data", chunk).with("id", id).text(), List.of()),
                turnComplete(message));
    }

    /** Like an agent's own: the message in the payload of a first run has no seq to name. */
    private static ChannelRecord turnComplete(SessionEvent.MessageGivenUp message) {
        return message.firstTurn()
                ? ChannelRecord.control(ChannelRecord.TURN_COMPLETE)
                : ChannelRecord.control(ChannelRecord.TURN_COMPLETE,
                        new ProtocolHeader(ChannelRecord.SESSION_IN_EVENT_ID, Long.toString(message.inSeq())));
    }
}
