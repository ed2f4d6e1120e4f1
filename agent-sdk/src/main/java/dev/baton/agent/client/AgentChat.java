package dev.baton.agent.client;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.http.HttpCalls;
import dev.baton.agent.session.Session;
import dev.baton.wire.json.WireJson;

/**
 * A chat with an agent, from the outside: for backends, other agents and tests (contract §5.5). It is found by its chat id: who
 * keeps that and the {@link #cursor()} goes on with the chat in another process. Sends from one thread at a time; {@link #stop}
 * and {@link #close} may come from others.
 */
public final class AgentChat implements AutoCloseable {
    private static final int CONFLICT = 409;

    private final HttpCalls calls = new HttpCalls();
    private final String baseUrl;
    private final String secretKey;
    private final String agent;
    private final String chatId;
    private final JsonNode clientData;
    private volatile long cursor;
    private boolean created;
    private ChatAnswer current;

    private AgentChat(Builder builder) {
        baseUrl = builder.baseUrl;
        secretKey = builder.secretKey;
        agent = Objects.requireNonNull(builder.agent, "expected the id of an agent: call agent(id)");
        chatId = builder.chatId;
        clientData = builder.clientData;
        cursor = builder.cursor;
    }

    /** @param secretKey of the environment; never for browsers */
    public static Builder builder(String baseUrl, String secretKey) {
        return new Builder(baseUrl, secretKey);
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
        post(HttpCalls.request(baseUrl + "/api/v1/sessions", secretKey), body);
        created = true;
    }

    /**
     * Sends a message of the user.
     *
     * @throws ChatClosedException when the session is closed
     */
    public ChatAnswer send(String text) throws InterruptedException {
        return send(userMessage(text));
    }

    /** Sends a UI message: with files, or with answers to tool calls. It needs an id. */
    public ChatAnswer send(ObjectNode message) throws InterruptedException {
        preload();
        return follow(append(message("submit-message", "message", message)), false);
    }

    /** Asks for another answer to the last message. */
    public ChatAnswer regenerate() throws InterruptedException {
        preload();
        return follow(append(message("regenerate-message")), false);
    }

    /** Something that is no message; what it means is between caller and agent. */
    public ChatAnswer act(JsonNode action) throws InterruptedException {
        preload();
        return follow(append(message("action", "action", action)), false);
    }

    /** Sends a message while the agent answers, and goes on reading that answer. */
    public void steer(String text) throws InterruptedException {
        preload();
        append(message("submit-message", "message", userMessage(text)));
    }

    /** Ends the turn that runs; its answer ends as stopped. */
    public void stop() throws InterruptedException {
        append(WireJson.MAPPER.createObjectNode().put("kind", "stop"));
    }

    /** The turn that runs, from the cursor on; empty when there is none. */
    public Optional<ChatAnswer> reconnect() throws InterruptedException {
        ChatAnswer answer = follow(Session.FROM_START, true);
        return answer.isUnderWay() ? Optional.of(answer) : Optional.empty();
    }

    /** The run leaves when it has nothing to do. The conversation stays open: the next message gets another run (features #92). */
    public void endRun() throws InterruptedException {
        append(message("close"));
    }

    private ChatAnswer follow(long sinceInSeq, boolean peek) {
        if (current != null) {
            current.close();
        }
        current = new ChatAnswer(new OutStream(calls, () -> HttpCalls.request(channelUrl("out"), secretKey), cursor,
                peek), sinceInSeq, seq -> cursor = seq);
        return current;
    }

    /** @return seq of the record on {@code .in} */
    private long append(ObjectNode record) throws InterruptedException {
        // The part id makes the repeats of a lost answer one message.
        HttpRequest.Builder request = HttpCalls.request(channelUrl("in") + "/append", secretKey).header("X-Part-Id",
                UUID.randomUUID().toString());
        return post(request, record).path("seq").asLong(Session.FROM_START);
    }

    /** Repeats are harmless: a create converges, and an append has a part id. */
    private JsonNode post(HttpRequest.Builder request, ObjectNode body) throws InterruptedException {
        HttpResponse<byte[]> answer = calls.repeat(request.header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())).build(), HttpCalls.PATIENCE);
        if (answer.statusCode() == CONFLICT) {
            throw new ChatClosedException(chatId, tree(answer).path("closedReason").asText());
        }
        return tree(HttpCalls.accepted(answer));
    }

    private static JsonNode tree(HttpResponse<byte[]> answer) {
        return WireJson.readTree(new String(answer.body(), StandardCharsets.UTF_8));
    }

    private String channelUrl(String channel) {
        return baseUrl + "/realtime/v1/sessions/"
                + URLEncoder.encode(chatId, StandardCharsets.UTF_8).replace("+", "%20")
                + "/" + channel;
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
        private final String secretKey;
        private String agent;
        private String chatId = UUID.randomUUID().toString();
        private JsonNode clientData;
        private long cursor = Session.FROM_START;

        private Builder(String baseUrl, String secretKey) {
            this.baseUrl = baseUrl;
            this.secretKey = secretKey;
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
