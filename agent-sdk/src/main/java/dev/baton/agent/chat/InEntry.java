package dev.baton.agent.chat;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.session.LogRecord;
import dev.baton.agent.session.SessionClient;
import dev.baton.wire.Names;
import dev.baton.wire.json.Json;
import dev.baton.wire.json.WireJson;

/** A record of {@code .in} as the turn loop sees it (contract §5.4). */
public sealed interface InEntry {
    /** Its cursor; {@link SessionClient#FROM_START} for the message that came inside the payload of the run. */
    long seq();

    /** {@code kind: message}; what it asks for is its trigger. */
    record Message(long seq, ObjectNode data) implements InEntry {
        private static final String SUBMIT = "submit-message";

        public Trigger trigger() {
            return switch (data.path("payload").path("trigger").asText()) {
                case SUBMIT -> Trigger.SUBMIT;
                case "regenerate-message" -> Trigger.REGENERATE;
                case "close" -> Trigger.CLOSE;
                case "action" -> Trigger.ACTION;
                // Open-ended text of clients: preload and hand-overs of a head start ask nothing of a run that lives.
                default -> Trigger.NONE;
            };
        }

        /** Id of the message it brings; empty when it brings none or a message without one. */
        public String messageId() {
            return data.path("payload").path("message").path("id").asText("");
        }

        /**
         * The id of the answer: the same for every run that answers this entry, and the same whether the message came
         * in the payload or on the channel. By it a partial answer finds the message it belongs to.
         */
        public String answerId(String sessionId) {
            boolean regenerates = trigger() == Trigger.REGENERATE;
            String cause = regenerates || messageId().isEmpty() ? "seq:" + seq : "message:" + messageId();
            return "msg_" + Names.fingerprint(sessionId + "/" + cause);
        }
    }

    /** {@code kind: stop}: whatever is being answered shall end. */
    record Stop(long seq) implements InEntry {}

    /** Unknown kinds and unreadable records: they count as consumed and do nothing (features #347). */
    record Unknown(long seq) implements InEntry {}

    /** What a message asks for. */
    enum Trigger {
        SUBMIT,
        REGENERATE,
        CLOSE,
        ACTION,
        NONE
    }

    static InEntry of(LogRecord record) {
        JsonNode data = record.data();
        return switch (data.path("kind").asText()) {
            case "message" -> new Message(record.seq(), (ObjectNode) data);
            case "stop" -> new Stop(record.seq());
            default -> new Unknown(record.seq());
        };
    }

    /** The message a session was created with, from the payload of its first run. */
    static Optional<Message> ofPayload(Json payload) {
        if (!(payload.tree() instanceof ObjectNode fields) || !fields.path("message").isObject()
                || !fields.path("trigger").asText().equals(Message.SUBMIT)) {
            return Optional.empty();
        }
        ObjectNode data = WireJson.MAPPER.createObjectNode().put("kind", "message");
        data.set("payload", fields);
        return Optional.of(new Message(SessionClient.FROM_START, data));
    }
}
