package dev.baton.agent.client;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.http.HttpCalls;
import dev.baton.agent.session.Session;
import dev.baton.wire.json.WireJson;

/** What clients of a session say to the server. The session is named by its externalId or its own id. */
final class SessionCalls implements AutoCloseable {
    private static final int CONFLICT = 409;

    private final HttpCalls calls = new HttpCalls();
    private final String baseUrl;
    private volatile String bearer;
    private final String session;

    SessionCalls(String baseUrl, String bearer, String session) {
        this.baseUrl = baseUrl;
        this.bearer = bearer;
        this.session = session;
    }

    /** Finds or begins the session; converges. Returns the answer (contract §1.2). */
    JsonNode create(ObjectNode body) throws InterruptedException {
        return post(baseUrl + "/api/v1/sessions", UUID.randomUUID().toString(), body);
    }

    /** From here on this is who we are. */
    void goOnAs(String newBearer) {
        bearer = newBearer;
    }

    /** @return seq of the record on {@code .in} */
    long append(JsonNode record) throws InterruptedException {
        return post(channelUrl("in") + "/append", UUID.randomUUID().toString(), record).path("seq")
                .asLong(Session.FROM_START);
    }

    /** Ends the conversation for good. */
    void closeSession(String reason) throws InterruptedException {
        post(baseUrl + "/api/v1/sessions/" + encoded() + "/close", UUID.randomUUID().toString(),
                WireJson.MAPPER.createObjectNode().put("reason", reason));
    }

    /** @param peek to be told, and let go, when the conversation is settled: nothing would come */
    OutStream turn(long afterSeq, boolean peek) {
        return out(afterSeq, peek ? OutStream.Patience.UNTIL_SETTLED : OutStream.Patience.FOR_A_TURN);
    }

    /** Everything, for as long as the caller likes. */
    OutStream records(long afterSeq) {
        return out(afterSeq, OutStream.Patience.WITHOUT_END);
    }

    private OutStream out(long afterSeq, OutStream.Patience patience) {
        return new OutStream(calls, () -> HttpCalls.request(channelUrl("out"), bearer), afterSeq, patience);
    }

    /** Repeats are harmless: creates and closes converge, and the part id makes the repeats of a lost answer one record. */
    private JsonNode post(String url, String partId, JsonNode body) throws InterruptedException {
        HttpResponse<byte[]> answer = calls.repeat(
                HttpCalls.request(url, bearer).header("Content-Type", "application/json").header("X-Part-Id", partId)
                        .POST(BodyPublishers.ofString(body.toString())).build(),
                HttpCalls.PATIENCE);
        if (answer.statusCode() == CONFLICT) {
            throw new SessionClosedException(session, tree(answer).path("closedReason").asText());
        }
        return tree(HttpCalls.accepted(answer));
    }

    private static JsonNode tree(HttpResponse<byte[]> answer) {
        return WireJson.readTree(new String(answer.body(), StandardCharsets.UTF_8));
    }

    private String channelUrl(String channel) {
        return baseUrl + "/realtime/v1/sessions/" + encoded() + "/" + channel;
    }

    private String encoded() {
        return URLEncoder.encode(session, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        calls.close();
    }
}
