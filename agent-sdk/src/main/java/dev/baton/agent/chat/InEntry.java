package dev.baton.agent.chat;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.session.LogRecord;
import dev.baton.agent.session.Session;
import dev.baton.wire.Names;
import dev.baton.wire.json.Json;
import dev.baton.wire.json.WireJson;

/** A record of {@code .in} as the turn loop sees it (contract §5.4). */
sealed interface InEntry {
    /** Its cursor; {@link Session#FROM_START} for the message that came inside the payload of the run. */
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

        /** The client data that came with it; missing when it brought none (features #75). */
        public JsonNode metadata() {
            return data.path("payload").path("metadata");
        }

        /** The message it brings, if it brings one. */
        public Optional<ObjectNode> message() {
            return data.path("payload").path("message") instanceof ObjectNode message
                    ? Optional.of(message)
                    : Optional.empty();
        }

        /** The message of a turn that brings one. */
        Optional<ObjectNode> incoming() {
            return trigger() == Trigger.SUBMIT ? message() : Optional.empty();
        }

        /** Whether it answers tool calls of an earlier answer, which then goes on under its id (features #81, #270). */
        boolean answersTools() {
            return incoming().filter(message -> message.path("role").asText().equals("assistant")).isPresent();
        }

        /** Whether it is a user's message, which wants an answer. */
        boolean asksSomething() {
            return incoming().isPresent() && !answersTools();
        }

        /** This entry with another message in the place of its own. */
        Message withMessage(ObjectNode message) {
            ObjectNode copy = data.deepCopy();
            copy.withObject("/payload").set("message", message);
            return new Message(seq, copy);
        }

        /**
         * The id of the answer: the same for every run that answers this entry, and the same whether the message came
         * in the payload or on the channel. By it a partial answer finds the message it belongs to.
         */
        public String answerId(String sessionId) {
            return "msg_" + Names.fingerprint(sessionId + "/" + cause());
        }

        /** The id of an answer that takes the place of one that another run has begun. */
        String answerIdAnew(String sessionId, long generation) {
            return "msg_" + Names.fingerprint(sessionId + "/" + cause() + "/anew:" + generation);
        }

        private String cause() {
            boolean bringsMessage = trigger() == Trigger.SUBMIT && !messageId().isEmpty();
            return bringsMessage ? "message:" + messageId() : "seq:" + seq;
        }
    }

    /** {@code kind: stop}: whatever is being answered shall end. */
    record Stop(long seq) implements InEntry {}

    /** Unknown kinds and unreadable records: they count as consumed and do nothing (features #347). */
    record Unknown(long seq) implements InEntry {}

    static InEntry of(LogRecord record) {
        return of(record.seq(), record.data());
    }

    /** @param data parsed; missing when the record is not readable */
    static InEntry of(long seq, JsonNode data) {
        return switch (data.path("kind").asText()) {
            case "message" -> new Message(seq, (ObjectNode) data);
            case "stop" -> new Stop(seq);
            default -> new Unknown(seq);
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
        return Optional.of(new Message(Session.FROM_START, data));
    }
}
