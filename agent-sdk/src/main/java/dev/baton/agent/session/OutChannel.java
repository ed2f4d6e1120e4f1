package dev.baton.agent.session;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.http.BackOff;
import dev.baton.agent.http.HttpCalls;
import dev.baton.agent.http.UnreachableException;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.json.WireJson;

/**
 * Writes to {@code .out}: one init (contract §2.1) that is kept, then unary JSON appends (contract §2.6 form B); a new
 * init after every failure. Used by the sender thread of the run and by nobody else.
 *
 * <p>When the answer to an append is lost, the records may be stored or not. They are looked for on the channel before
 * they are sent again, so a restart of the server between the two leaves neither a gap nor a duplicate. A server that stood
 * still goes on with the append and with the look-up at the same time, and the append may land behind what the look-up has
 * seen: what is missing is looked for once more after {@link #LANDING_TIME}. An append that takes longer to land than that
 * is stored twice; readers know its records by their ids.
 */
public final class OutChannel implements OutAppender {
    /** A server that works has stored or dropped what it was sent long before. */
    static final Duration LANDING_TIME = Duration.ofSeconds(1);

    private final HttpCalls calls;
    private final SessionClient session;
    private final Duration landingTime;
    private Grant grant;
    private long lastSeq;

    OutChannel(HttpCalls calls, SessionClient session, long afterSeq, Duration landingTime) {
        this.calls = calls;
        this.session = session;
        this.landingTime = landingTime;
        this.lastSeq = afterSeq;
    }

    /** Where and with what to write, from the headers of an init. */
    private record Grant(String recordsUrl, String accessToken, String basin) {
        static Grant of(HttpResponse<byte[]> init) {
            return new Grant(
                    header(init, "X-S2-Endpoint") + "/streams/"
                            + SessionClient.encoded(header(init, "X-S2-Stream-Name")) + "/records",
                    header(init, "X-S2-Access-Token"), header(init, "X-S2-Basin"));
        }

        private static String header(HttpResponse<byte[]> init, String name) {
            return init.headers().firstValue(name).orElseThrow(() -> new IllegalStateException(
                    "expected the header " + name + " in the answer to " + init.request().method() + " "
                            + init.request().uri().getPath() + ", but there is none"));
        }
    }

    /** @throws UnreachableException when the batch could not be stored within {@link HttpCalls#PATIENCE} */
    @Override
    public long append(List<OutgoingRecord> batch) throws InterruptedException {
        BackOff backOff = BackOff.ofCalls();
        long deadlineNanos = System.nanoTime() + HttpCalls.PATIENCE.toNanos();
        List<OutgoingRecord> rest = batch;
        while (!rest.isEmpty()) {
            try {
                post(rest);
                return lastSeq;
            } catch (IOException e) {
                grant = null;
                if (System.nanoTime() > deadlineNanos) {
                    throw new UnreachableException("expected .out to take " + rest.size() + " records within "
                            + HttpCalls.PATIENCE.toSeconds() + " s, but: " + e.getMessage(), e);
                }
                backOff.pause();
                rest = withoutStored(rest);
                if (!rest.isEmpty() && mayStillLand(e)) {
                    Thread.sleep(landingTime);
                    rest = withoutStored(rest);
                }
            }
        }
        return lastSeq;
    }

    /** Not when there was no connection to send it on. */
    private static boolean mayStillLand(IOException failure) {
        return !(failure.getCause() instanceof ConnectException
                || failure.getCause() instanceof HttpConnectTimeoutException);
    }

    private void post(List<OutgoingRecord> records) throws IOException, InterruptedException {
        if (grant == null) {
            grant = Grant.of(HttpCalls.accepted(calls.repeat(session.initOut(), HttpCalls.PATIENCE)));
        }
        HttpRequest request = HttpCalls.request(grant.recordsUrl(), grant.accessToken())
                .header("Content-Type", "application/json").header("s2-basin", grant.basin())
                .POST(BodyPublishers.ofByteArray(body(records))).build();
        HttpResponse<byte[]> answer = calls.once(request);
        if (HttpCalls.passing(answer.statusCode())) {
            throw new IOException("append answered with " + answer.statusCode());
        }
        JsonNode ack = WireJson.readTree(
                new String(HttpCalls.accepted(answer).body(), StandardCharsets.UTF_8));
        lastSeq = ack.path("end").path("seq_num").asLong(lastSeq + 1) - 1;
    }

    private List<OutgoingRecord> withoutStored(List<OutgoingRecord> records) throws InterruptedException {
        List<LogRecord> stored = session.records(Channel.OUT, lastSeq);
        stored.stream().filter(found -> records.stream().anyMatch(record -> record.isStoredAs(found)))
                .forEach(found -> lastSeq = found.seq());
        return records.stream().filter(record -> stored.stream().noneMatch(record::isStoredAs)).toList();
    }

    private static byte[] body(List<OutgoingRecord> records) {
        ObjectNode body = WireJson.MAPPER.createObjectNode();
        ArrayNode list = body.putArray("records");
        for (OutgoingRecord record : records) {
            ObjectNode entry = list.addObject().put("body", record.record().body());
            if (!record.record().headers().isEmpty()) {
                entry.set("headers", WireJson.MAPPER.valueToTree(record.record().headers()));
            }
        }
        return WireJson.bytes(body);
    }
}
