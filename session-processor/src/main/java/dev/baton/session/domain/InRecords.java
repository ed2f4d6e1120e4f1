package dev.baton.session.domain;

import dev.baton.wire.Names;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.json.Json;

/**
 * The bodies of the records that the topology itself puts on {@code .in}. Their ids depend on the session alone: a
 * reader that meets the first message twice, without and with a seq, sees one id.
 */
final class InRecords {
    private InRecords() {}

    /**
     * The message that a session was created with, as a client would have appended it.
     *
     * @return null when the base payload brings none: no message, or another trigger than {@code submit-message}
     */
    static String firstTurn(SessionProfile profile) {
        Json base = profile.triggerConfig().basePayload();
        if (!base.has("message") || !"submit-message".equals(base.textField("trigger"))) {
            return null;
        }
        Json payload = base.without("messages", "sessionId", "continuation", "previousRunId", "idleTimeoutInSeconds");
        return message(payload, "first-turn-" + Names.fingerprint(profile.id()));
    }

    /** Wakes a run that waits on {@code .in}, so that it leaves (contract §1.6). */
    static String close(SessionProfile profile, String reason) {
        Json payload = Json.EMPTY_OBJECT.with("chatId", profile.key().chatId()).with("trigger", "close");
        return message(reason == null ? payload : payload.with("closedReason", reason),
                "close-" + Names.fingerprint(profile.id()));
    }

    private static String message(Json payload, String id) {
        return ChannelRecord.ofText(Json.EMPTY_OBJECT.with("kind", "message").with("payload", payload).text(), id)
                .body();
    }
}
