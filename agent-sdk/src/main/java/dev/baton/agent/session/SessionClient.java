package dev.baton.agent.session;

import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.agent.http.BackOff;
import dev.baton.agent.http.CallRefusedException;
import dev.baton.agent.http.HttpCalls;
import dev.baton.agent.http.SupersededException;
import dev.baton.agent.http.UnreachableException;
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
public final class SessionClient {
    /** Cursor before the first record. */
    public static final long FROM_START = -1;
    private static final Logger LOG = LoggerFactory.getLogger(SessionClient.class);
    private static final Duration SNAPSHOT_PATIENCE = Duration.ofSeconds(5);

    private final HttpCalls calls;
    private final DequeuedRun run;

    public SessionClient(HttpCalls calls, DequeuedRun run) {
        this.calls = calls;
        this.run = run;
    }

    /** What the server says to an end-and-continue: who owns the session now, and whether this call made it so. */
    public record HandOver(String runId, boolean swapped) {}

    /**
     * Opens {@code .out} for writing.
     *
     * @param afterSeq what the run has read of {@code .out} so far, or {@link #FROM_START}
     */
    public OutChannel openOut(long afterSeq) {
        return new OutChannel(calls, this, afterSeq);
    }

    /** All surviving records after a cursor, at once (contract §2.7). */
    public List<LogRecord> records(Channel channel, long afterSeq) throws InterruptedException {
        String query = afterSeq == FROM_START ? "" : "?afterEventId=" + afterSeq;
        HttpRequest request = request(channelUrl(channel) + "/records" + query).GET().build();
        List<LogRecord> records = new ArrayList<>();
        for (JsonNode record : tree(HttpCalls.accepted(calls.repeat(request, HttpCalls.PATIENCE))).path("records")) {
            records.add(LogRecord.ofEndpoint(record));
        }
        return records;
    }

    /** Follows {@code .in} from a cursor until it is closed; the sink is called by a thread of the subscription. */
    public InSubscription followIn(long afterSeq, RecordSink sink) {
        return InSubscription.start(calls, () -> request(channelUrl(Channel.IN)), run.runId(), afterSeq, sink,
                BackOff.ofTails());
    }

    /**
     * The newest snapshot. None, unreadable and unreachable are all empty: a run then reads more of the tail (contract
     * §1.8, features #177).
     */
    public Optional<Snapshot> snapshot() throws InterruptedException {
        try {
            HttpRequest ask = request(sessionUrl() + "/snapshot-url").GET().build();
            JsonNode answer = tree(HttpCalls.accepted(calls.repeat(ask, SNAPSHOT_PATIENCE)));
            HttpRequest get = HttpCalls.request(answer.required("presignedUrl").textValue(), null).GET().build();
            HttpResponse<byte[]> object = calls.repeat(get, SNAPSHOT_PATIENCE);
            return object.statusCode() == 404
                    ? Optional.empty()
                    : Snapshot.read(HttpCalls.accepted(object).body());
        } catch (CallRefusedException | UnreachableException | UncheckedIOException | IllegalArgumentException e) {
            LOG.atWarn().addKeyValue("sessionId", run.sessionId()).addKeyValue("runId", run.runId()).setCause(e)
                    .log("snapshot not readable, going on with the tail");
            return Optional.empty();
        }
    }

    /** Hands the session over to a successor; this run exits either way (contract §1.7). */
    public HandOver endAndContinue(RunReason reason) throws InterruptedException {
        HttpRequest request = request(sessionUrl() + "/end-and-continue").header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(
                        WireJson.bytes(Map.of("callingRunId", run.runId(), "reason", reason.label()))))
                .build();
        HttpResponse<byte[]> answer = HttpCalls.accepted(calls.repeat(request, HttpCalls.PATIENCE));
        return WireJson.read(answer.body(), HandOver.class);
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

    static String encoded(String pathSegment) {
        return URLEncoder.encode(pathSegment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static JsonNode tree(HttpResponse<byte[]> answer) {
        return WireJson.readTree(new String(answer.body(), StandardCharsets.UTF_8));
    }
}
