package dev.baton.system.support;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/**
 * A conversation with the demo agent, driven over HTTP as the protocol's clients do it.
 *
 * @param chatId its externalId
 * @param created the answer to the create
 */
public record Chat(BatonClient baton, String chatId, JsonNode created) {
    public static final String AGENT = "echo";
    /** Long enough for every pause inside a test, short enough that finished tests do not keep the agent's slots. */
    private static final int IDLE_SECONDS = 20;
    private static final AtomicInteger MESSAGE_COUNT = new AtomicInteger();

    /** An id that no other chat has. */
    public static String newChatId() {
        return "chat-" + UUID.randomUUID();
    }

    /** Creates a session whose first run answers this message. */
    public static Chat startWith(BatonClient baton, String firstMessage) {
        String chatId = newChatId();
        return start(baton, chatId, createBody(chatId, firstMessage));
    }

    /** Creates a session without a message: its run waits for the first append. */
    public static Chat startEmpty(BatonClient baton) {
        String chatId = newChatId();
        return start(baton, chatId, createBody(chatId, null));
    }

    /** Creates a session with this body. */
    public static Chat start(BatonClient baton, String chatId, ObjectNode body) {
        return new Chat(baton, chatId, baton.post("/api/v1/sessions", body.toString()).expect(201).json());
    }

    /** The body of a create (contract §1.2, §5.6); {@code firstMessage} null for a preload. */
    public static ObjectNode createBody(String chatId, String firstMessage) {
        ObjectNode body = WireJson.MAPPER.createObjectNode();
        body.put("type", "chat.agent").put("externalId", chatId).put("taskIdentifier", AGENT);
        ObjectNode config = body.putObject("triggerConfig").put("idleTimeoutInSeconds", IDLE_SECONDS);
        ObjectNode payload = config.putObject("basePayload");
        payload.put("chatId", chatId).put("trigger", firstMessage == null ? "preload" : "submit-message");
        if (firstMessage != null) {
            payload.set("message", userMessage(firstMessage));
        }
        return body;
    }

    /** The body of an append (contract §5.4). */
    public static String messageBody(String chatId, String text) {
        ObjectNode body = WireJson.MAPPER.createObjectNode().put("kind", "message");
        body.putObject("payload").put("chatId", chatId).put("trigger", "submit-message").set("message",
                userMessage(text));
        return body.toString();
    }

    private static ObjectNode userMessage(String text) {
        ObjectNode message = WireJson.MAPPER.createObjectNode().put("id", "m" + MESSAGE_COUNT.incrementAndGet())
                .put("role", "user");
        message.putArray("parts").addObject().put("type", "text").put("text", text);
        return message;
    }

    /** The friendly id. */
    public String sessionId() {
        return created.path("id").textValue();
    }

    public String firstRunId() {
        return created.path("runId").textValue();
    }

    /** Appends a message and returns its seq. */
    public long append(String text) {
        return baton.post(channelPath("in", "/append"), messageBody(chatId, text)).expect(200).json().path("seq")
                .longValue();
    }

    public HttpAnswer tryAppend(String text, String... headers) {
        return baton.post(channelPath("in", "/append"), messageBody(chatId, text), headers);
    }

    /** {@code .out} from its beginning. */
    public SseConnection out() {
        return baton.stream(channelPath("out", ""), "Timeout-Seconds", "120");
    }

    /** {@code .out} after a cursor. */
    public SseConnection out(long cursor) {
        return baton.stream(channelPath("out", ""), "Timeout-Seconds", "120", "Last-Event-ID", Long.toString(cursor));
    }

    /** The first so many turns of the session, read on a connection of its own from the beginning. */
    public List<Turn> turns(int count) {
        try (SseConnection out = out()) {
            return Turn.of(out.awaitTurns(count, Patience.TURN));
        }
    }

    /** Everything on a channel now, through the records endpoint. */
    public JsonNode recordsNow(String io) {
        return baton.get(channelPath(io, "/records")).expect(200).json().path("records");
    }

    /** Provenance rows, newest first. */
    public List<JsonNode> runs() {
        List<JsonNode> rows = new ArrayList<>();
        JsonNode answer = baton.get(sessionPath("/runs")).expect(200).json();
        answer.path("data").forEach(rows::add);
        return rows;
    }

    public JsonNode retrieve() {
        return baton.get(sessionPath("")).expect(200).json();
    }

    public HttpAnswer close(String reason) {
        return baton.post(sessionPath("/close"), WireJson.MAPPER.createObjectNode().put("reason", reason).toString());
    }

    /** Path under the session API, with the externalId. */
    public String sessionPath(String suffix) {
        return BatonClient.session(chatId, suffix);
    }

    /** Path under the realtime API, with the externalId. */
    public String channelPath(String io, String suffix) {
        return BatonClient.channel(chatId, io, suffix);
    }
}
