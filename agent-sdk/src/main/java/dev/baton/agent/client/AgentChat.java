package dev.baton.agent.client;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.session.Session;
import dev.baton.wire.json.WireJson;

/**
 * A chat with an agent, from the outside: for backends, other agents and tests (contract §5.5). It is found by its chat id: who
 * keeps that and the {@link #cursor()} goes on with the chat in another process. Sends from one thread at a time; {@link #stop}
 * and {@link #close} may come from others.
 */
public final class AgentChat implements AutoCloseable {
    private final SessionCalls calls;
    private final String agent;
    private final String chatId;
    private final boolean resumed;
    private final JsonNode clientData;
    private volatile long cursor;
    private volatile Optional<String> token = Optional.empty();
    private boolean created;
    private ChatAnswer current;

    private AgentChat(Builder builder) {
        calls = new SessionCalls(builder.baseUrl, builder.bearer, builder.chatId);
        agent = builder.agent;
        chatId = builder.chatId;
        clientData = builder.clientData;
        cursor = builder.cursor;
        resumed = builder.resumed;
        created = resumed;
        if (resumed) {
            token = Optional.of(builder.bearer);
        } else {
            Objects.requireNonNull(agent, "expected the id of an agent: call agent(id)");
        }
    }

    /** @param secretKey of the environment; never for browsers */
    public static Builder builder(String baseUrl, String secretKey) {
        return new Builder(baseUrl, secretKey, false);
    }

    /**
     * A chat that is there, for somebody who has no secret key.
     *
     * @param token of the chat: {@link #token()}, or what clients were given when it was created
     * @param chatId which chat
     */
    public static Builder resume(String baseUrl, String token, String chatId) {
        return new Builder(baseUrl, token, true).chatId(chatId);
    }

    /** The newest token that reads and writes this chat and nothing else, for {@link #resume}; turns bring new ones. */
    public Optional<String> token() {
        return token;
    }

    public String chatId() {
        return chatId;
    }

    /** The seq of the last record that was read, for {@link Builder#cursor}; −1 for none. */
    public long cursor() {
        return cursor;
    }

    /** Has a run ready before the first message. The first {@code send} does it by itself. */
    public void preload() throws InterruptedException {
        if (created) {
            return;
        }
        ObjectNode body = WireJson.MAPPER.createObjectNode().put("type", "chat.agent").put("externalId", chatId)
                .put("taskIdentifier", agent);
        ObjectNode config = body.putObject("triggerConfig");
        config.putArray("tags").add("chat:" + chatId);
        ObjectNode payload = config.putObject("basePayload").put("chatId", chatId).put("trigger", "preload");
        if (clientData != null) {
            payload.set("metadata", clientData);
        }
        token = Optional.ofNullable(calls.create(body).path("publicAccessToken").textValue());
        created = true;
    }

    /**
     * Sends a message of the user.
     *
     * @throws SessionClosedException when the session is closed
     */
    public ChatAnswer send(String text) throws InterruptedException {
        return send(userMessage(text));
    }

    /** Sends a UI message: with files, or with answers to tool calls. It needs an id. */
    public ChatAnswer send(ObjectNode message) throws InterruptedException {
        preload();
        return follow(calls.append(message("submit-message", "message", message)), false);
    }

    /** Asks for another answer to the last message. */
    public ChatAnswer regenerate() throws InterruptedException {
        preload();
        return follow(calls.append(message("regenerate-message")), false);
    }

    /** Something that is no message; what it means is between caller and agent. */
    public ChatAnswer act(JsonNode action) throws InterruptedException {
        preload();
        return follow(calls.append(message("action", "action", action)), false);
    }

    /** Sends a message while the agent answers, and goes on reading that answer. */
    public void steer(String text) throws InterruptedException {
        preload();
        calls.append(message("submit-message", "message", userMessage(text)));
    }

    /** Ends the turn that runs; its answer ends as stopped. */
    public void stop() throws InterruptedException {
        calls.append(WireJson.MAPPER.createObjectNode().put("kind", "stop"));
    }

    /** The turn that runs, from the cursor on; empty when there is none. */
    public Optional<ChatAnswer> reconnect() throws InterruptedException {
        ChatAnswer answer = follow(Session.FROM_START, true);
        return answer.isUnderWay() ? Optional.of(answer) : Optional.empty();
    }

    /** The run leaves when it has nothing to do. The conversation stays open: the next message gets another run (features #92). */
    public void endRun() throws InterruptedException {
        calls.append(message("close"));
    }

    /** Ends the conversation for good: nothing can be sent any more, what was said stays readable. Needs the secret key. */
    public void closeSession(String reason) throws InterruptedException {
        calls.closeSession(reason);
    }

    private ChatAnswer follow(long sinceInSeq, boolean peek) {
        if (current != null) {
            current.close();
        }
        current = new ChatAnswer(calls.turn(cursor, peek), sinceInSeq, seq -> cursor = seq, this::newToken);
        return current;
    }

    private void newToken(String newToken) {
        token = Optional.of(newToken);
        if (resumed) {
            // The one before runs out, and there is no key to fall back on.
            calls.goOnAs(newToken);
        }
    }

    private ObjectNode message(String trigger, String field, JsonNode value) {
        ObjectNode record = message(trigger);
        ((ObjectNode) record.path("payload")).set(field, value);
        return record;
    }

    /** Contract §5.4. */
    private ObjectNode message(String trigger) {
        ObjectNode record = WireJson.MAPPER.createObjectNode().put("kind", "message");
        ObjectNode payload = record.putObject("payload").put("chatId", chatId).put("trigger", trigger);
        if (clientData != null) {
            payload.set("metadata", clientData);
        }
        return record;
    }

    private static ObjectNode userMessage(String text) {
        ObjectNode message = WireJson.MAPPER.createObjectNode().put("id", UUID.randomUUID().toString()).put("role",
                "user");
        message.putArray("parts").addObject().put("type", "text").put("text", text);
        return message;
    }

    /** Ends connections. The chat goes on without us. */
    @Override
    public void close() {
        calls.close();
    }

    /** What a chat needs to be found or begun. Only the agent must be named. */
    public static final class Builder {
        private final String baseUrl;
        private final String bearer;
        private final boolean resumed;
        private String agent;
        private String chatId = UUID.randomUUID().toString();
        private JsonNode clientData;
        private long cursor = Session.FROM_START;

        private Builder(String baseUrl, String bearer, boolean resumed) {
            this.baseUrl = baseUrl;
            this.bearer = bearer;
            this.resumed = resumed;
        }

        /** @param id its task identifier */
        public Builder agent(String id) {
            agent = id;
            return this;
        }

        /** Of a chat that is there, or of a new one; a random one unless it is set. */
        public Builder chatId(String id) {
            chatId = id;
            return this;
        }

        /** Goes along with every message. */
        public Builder clientData(Object data) {
            clientData = WireJson.MAPPER.valueToTree(data);
            return this;
        }

        /** Where an earlier {@link AgentChat} of this chat has stopped reading: {@link AgentChat#cursor()}. */
        public Builder cursor(long seq) {
            cursor = seq;
            return this;
        }

        public AgentChat build() {
            return new AgentChat(this);
        }
    }
}
