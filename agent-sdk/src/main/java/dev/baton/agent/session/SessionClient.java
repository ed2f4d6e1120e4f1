package dev.baton.agent.session;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.agent.http.BackOff;
import dev.baton.agent.http.HttpCalls;
import dev.baton.agent.http.SupersededException;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.worker.DequeuedRun;

/**
 * One run's view of its session: everything over HTTP, with the run's own token, addressed by the friendly id (which
 * needs no escaping). Calls repeat over failures that may pass, see {@link HttpCalls}; all may throw
 * {@link SupersededException}.
 */
public final class SessionClient implements Session {
    /**
     * The side channel that keeps whether the chat has started. It outlives runs, is never trimmed and no reader of the
     * conversation sees it (PROTOCOL 8.1).
     */
    private static final String CHAT_START = "chat-start";

    private final HttpCalls calls;
    private final DequeuedRun run;

    public SessionClient(HttpCalls calls, DequeuedRun run) {
        this.calls = calls;
        this.run = run;
    }

    @Override
    public OutChannel openOut(long afterSeq) {
        return new OutChannel(calls, this, afterSeq, OutChannel.LANDING_TIME);
    }

    /** All surviving records after a cursor, at once (contract §2.7). */
    public List<LogRecord> records(Channel channel, long afterSeq) throws InterruptedException {
        String query = afterSeq == FROM_START ? "" : "?afterEventId=" + afterSeq;
        HttpRequest request = request(channelUrl(channel) + "/records" + query).GET().build();
        return records(tree(HttpCalls.accepted(calls.repeat(request, HttpCalls.PATIENCE))).path("records"));
    }

    private static List<LogRecord> records(JsonNode list) {
        return list.valueStream().map(LogRecord::ofEndpoint).toList();
    }

    @Override
    public InSubscription followIn(long afterSeq, RecordSink sink) {
        return InSubscription.start(calls, () -> request(channelUrl(Channel.IN)), run.runId(), afterSeq, sink,
                BackOff.ofTails());
    }

    @Override
    public Recovery recovery(boolean withMessages) throws InterruptedException {
        HttpRequest request = request(sessionUrl() + "/boot" + (withMessages ? "" : "?history=none")).GET().build();
        JsonNode answer = tree(HttpCalls.accepted(calls.repeat(request, HttpCalls.PATIENCE)));
        Optional<Snapshot> snapshot = answer.path("snapshot").isObject()
                ? Optional.of(WireJson.MAPPER.convertValue(answer.path("snapshot"), Snapshot.class))
                : Optional.empty();
        return new Recovery(snapshot, records(answer.path("out")), records(answer.path("in")));
    }

    @Override
    public void keepHistory() throws InterruptedException {
        post(request(sessionUrl() + "/keep-history"), Map.of());
    }

    @Override
    public HandOver endAndContinue(RunReason reason) throws InterruptedException {
        HttpResponse<byte[]> answer = post(request(sessionUrl() + "/end-and-continue"),
                Map.of("callingRunId", run.runId(), "reason", reason.label()));
        return WireJson.read(answer.body(), HandOver.class);
    }

    @Override
    public void close(String reason) throws InterruptedException {
        post(request(sessionUrl() + "/close"), Map.of("reason", reason));
    }

    @Override
    public boolean chatStarted() throws InterruptedException {
        HttpRequest request = request(sideChannelUrl(CHAT_START) + "/records").GET().build();
        return !tree(HttpCalls.accepted(calls.repeat(request, HttpCalls.PATIENCE))).path("records").isEmpty();
    }

    @Override
    public void markChatStarted() throws InterruptedException {
        // One part id for all repeats: the record is there once.
        post(request(sideChannelUrl(CHAT_START) + "/append").header("X-Part-Id", CHAT_START),
                Map.of("runId", run.runId()));
    }

    /** Scopes as contract §4.2 has them for the token of a turn. */
    @Override
    public String publicToken(Duration life) throws InterruptedException {
        String chat = run.chatId();
        List<String> scopes = List.of("read:runs:" + run.runId(), "read:sessions:" + chat,
                "write:inputStreams:" + run.runId(), "write:sessions:" + chat);
        return tree(post(request(run.apiUrl() + "/api/v1/auth/public-tokens"),
                Map.of("scopes", scopes, "expirationTime", life.toSeconds() + "s"))).path("token").asText();
    }

    private HttpResponse<byte[]> post(HttpRequest.Builder request, Map<String, ?> body)
            throws InterruptedException {
        HttpRequest post = request.header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(WireJson.bytes(body))).build();
        return HttpCalls.accepted(calls.repeat(post, HttpCalls.PATIENCE));
    }

    HttpRequest initOut() {
        return request(channelUrl(Channel.OUT)).PUT(BodyPublishers.noBody()).build();
    }

    private HttpRequest.Builder request(String url) {
        return HttpCalls.request(url, run.runToken());
    }

    private String sessionUrl() {
        return run.apiUrl() + "/api/v1/sessions/" + encoded(run.sessionId());
    }

    private String channelUrl(Channel channel) {
        return run.apiUrl() + "/realtime/v1/sessions/" + encoded(run.sessionId()) + "/" + channel.wireName();
    }

    private String sideChannelUrl(String name) {
        return run.apiUrl() + "/realtime/v1/sessions/" + encoded(run.sessionId()) + "/channels/" + name + "/"
                + Channel.OUT.wireName();
    }

    static String encoded(String pathSegment) {
        return URLEncoder.encode(pathSegment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static JsonNode tree(HttpResponse<byte[]> answer) {
        return WireJson.readTree(new String(answer.body(), StandardCharsets.UTF_8));
    }
}
