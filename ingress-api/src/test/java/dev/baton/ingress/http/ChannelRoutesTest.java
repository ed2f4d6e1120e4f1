package dev.baton.ingress.http;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.baton.ingress.Rows;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionReply.Refusal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Appends, streams, drains and direct writes over HTTP: statuses, bodies, headers (contract §2). */
class ChannelRoutesTest extends OnIngress {
    @Test
    void bodiesThatAreTooLargeOrOfUnknownLengthAreA413WithCorsHeaders() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        HttpRequest.Builder append = request("/realtime/v1/sessions/user%2F1/in/append", KEY).header("Origin",
                "https://app.test");

        // When
        HttpResponse<String> large = send(append.POST(BodyPublishers.ofString("x".repeat(2 * 1024 * 1024))));
        HttpResponse<String> chunked = send(append.POST(
                BodyPublishers.fromPublisher(BodyPublishers.ofString("hello"))));
        HttpResponse<String> escaped = send(append.POST(BodyPublishers.ofString("\"".repeat(600_000))));

        // Then
        for (HttpResponse<String> response : List.of(large, chunked, escaped)) {
            assertEquals(413, response.statusCode());
            assertEquals("https://app.test",
                    response.headers().firstValue("Access-Control-Allow-Origin").orElseThrow());
        }
        assertEquals("{\"error\":\"Request body too large\"}", large.body());
        assertTrue(escaped.body().contains("exceeds the S2 per-record limit of 1048576 bytes"), escaped.body());
        assertTrue(asked.isEmpty());
    }

    @Test
    void aClientThatOffersAnUpgradeGoesOnWithHttp11() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));

        // When
        HttpResponse<String> response = send(request("/api/v1/sessions/user%2F1", KEY).GET());

        // Then
        assertEquals(200, response.statusCode());
        assertEquals(HttpClient.Version.HTTP_1_1, response.version());
    }

    @Test
    void anAppendIsAnsweredWithItsSeqAndItsPartIdIsTheRecordId() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        reply = new SessionReply.AppendAnswered(7, false);

        // When
        HttpResponse<String> response = send(
                request("/realtime/v1/sessions/user%2F1/in/append", tokens.mintSessionToken(DEV, "user/1"))
                        .header("X-Part-Id", "p1").POST(BodyPublishers.ofString("{\"kind\":\"stop\"}")));

        // Then
        assertEquals("{\"ok\":true,\"seq\":7}", response.body());
        assertEquals(List.of(new SessionCommand.AppendIn("p1",
                "{\"data\":\"{\\\"kind\\\":\\\"stop\\\"}\",\"id\":\"p1\"}")), asked);
    }

    @Test
    void aClosedSessionRefusesAppendsForGood() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        reply = new SessionReply.Refused(Refusal.CLOSED, "done");

        // When
        HttpResponse<String> response = send(
                request("/realtime/v1/sessions/user%2F1/in/append", KEY).POST(BodyPublishers.ofString("x")));

        // Then
        assertEquals(409, response.statusCode());
        assertEquals("{\"ok\":false,\"error\":\"Cannot append to a closed session\",\"code\":\"session_closed\","
                + "\"closedReason\":\"done\"}", response.body());
        assertEquals("false", header(response, "x-should-retry"));
    }

    /** PROTOCOL 6.2. */
    @Test
    void withoutADecisionTheAnswerIsA503ToBeTriedAgain() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        reply = null;

        // When
        HttpResponse<String> response = send(
                request("/realtime/v1/sessions/user%2F1/in/append", KEY).POST(BodyPublishers.ofString("x")));

        // Then
        assertEquals(503, response.statusCode());
        assertEquals("1", header(response, "Retry-After"));
    }

    @Test
    void onlyTheHolderOfASecretKeyWritesTheOutChannel() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        String token = tokens.mintSessionToken(DEV, "user/1");

        // When
        HttpResponse<String> init = send(
                request("/realtime/v1/sessions/user%2F1/out", token).PUT(BodyPublishers.noBody()));
        HttpResponse<String> append = send(
                request("/realtime/v1/sessions/user%2F1/out/append", token).POST(BodyPublishers.ofString("x")));
        HttpResponse<String> allowed = send(
                request("/realtime/v1/sessions/user%2F1/out/append", KEY).POST(BodyPublishers.ofString("x")));

        // Then
        assertEquals(403, init.statusCode());
        assertEquals("Initializing the out channel requires secret key authentication", init.body());
        assertEquals(403, append.statusCode());
        assertEquals("{\"ok\":true,\"seq\":0}", allowed.body());
    }

    @Test
    void theCredentialsOfAnInitOpenTheirStreamAndNoOther() throws Exception {
        // Given
        sessions.learn(Rows.ofGeneration("user/1", 2));
        String run = tokens.mintRunToken(DEV, CHAT, new Writer(2, "run_2"));
        HttpResponse<String> init = send(
                request("/realtime/v1/sessions/user%2F1/out", run).header("Content-Type", "application/json")
                        .PUT(BodyPublishers.noBody()));
        String path = "/s2/v1/streams/" + header(init, "X-S2-Stream-Name") + "/records";
        String batch = "{\"records\":[{\"body\":\"a\"},{\"body\":\"\",\"headers\":[[\"trigger-control\",\"x\"]]}]}";

        // When
        HttpResponse<String> ack = send(
                request(path, header(init, "X-S2-Access-Token")).POST(BodyPublishers.ofString(batch)));
        HttpResponse<String> wrongStream = send(request("/s2/v1/streams/other/records",
                header(init, "X-S2-Access-Token")).POST(BodyPublishers.ofString(batch)));
        HttpResponse<String> wrongToken = send(request(path, KEY).POST(BodyPublishers.ofString(batch)));
        sessions.learn(Rows.ofGeneration("user/1", 3));
        HttpResponse<String> superseded = send(
                request(path, header(init, "X-S2-Access-Token")).POST(BodyPublishers.ofString(batch)));

        // Then
        assertEquals(202, init.statusCode());
        assertEquals("{\"version\":\"v2\"}", init.body());
        assertEquals("http://example.test/s2/v1", header(init, "X-S2-Endpoint"));
        assertEquals("{\"start\":{\"seq_num\":0,\"timestamp\":10},\"end\":{\"seq_num\":2,\"timestamp\":10},"
                + "\"tail\":{\"seq_num\":2,\"timestamp\":10}}", ack.body());
        assertEquals(2, out.stored().getFirst().generation());
        assertEquals(403, wrongStream.statusCode());
        assertEquals(401, wrongToken.statusCode());
        assertEquals(409, superseded.statusCode());
        assertTrue(superseded.body().contains("stale_generation"));
    }

    @Test
    void aSettledPeekDeliversWhatIsThereAndCloses() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        out.store(CHAT, "hi");
        out.store(CHAT, ChannelRecord.control(ChannelRecord.TURN_COMPLETE), Writer.UNNAMED, 0);
        out.deliver();

        // When
        HttpResponse<String> response = send(
                request("/realtime/v1/sessions/user%2F1/out", tokens.mintSessionToken(DEV, "user/1"))
                        .header("X-Peek-Settled", "1").header("Last-Event-ID", "0").header("Timeout-Seconds", "30"));

        // Then
        assertEquals(200, response.statusCode());
        assertEquals("true", header(response, "X-Session-Settled"));
        assertEquals("v2", header(response, "X-Stream-Version"));
        assertEquals("*", header(response, "Access-Control-Expose-Headers"));
        assertTrue(response.body().startsWith("event: batch\nid: 1\n"), response.body());
        assertTrue(response.body().endsWith("data: [DONE]\n\n"), response.body());
    }

    @Test
    void aStreamOfASessionThatNobodyCreatedIsSilentAndEnds() throws Exception {
        // Given, When
        HttpResponse<String> response = send(request("/realtime/v1/sessions/nobody/out", KEY)
                .header("Timeout-Seconds", "1").header("Origin", "https://app.test"));
        HttpResponse<String> friendly = send(request("/realtime/v1/sessions/session_cnone/out", KEY));

        // Then
        assertEquals("data: [DONE]\n\n", response.body());
        assertEquals("https://app.test", header(response, "Access-Control-Allow-Origin"));
        assertEquals(404, friendly.statusCode());
    }

    @Test
    void recordsAreDrainedAtOnceWithTheirHeaders() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        in.store(CHAT, "first");
        in.store(CHAT, "second");
        in.deliver();

        // When
        HttpResponse<String> all = send(request("/realtime/v1/sessions/user%2F1/in/records", KEY));
        HttpResponse<String> later = send(request("/realtime/v1/sessions/user%2F1/in/records?afterEventId=0", KEY));
        HttpResponse<String> bad = send(request("/realtime/v1/sessions/user%2F1/in/records?afterEventId=x", KEY));
        HttpResponse<String> probe = send(request("/realtime/v1/sessions/user%2F1/in", KEY).HEAD());

        // Then
        assertEquals("{\"records\":[{\"data\":\"first\",\"id\":\"id\",\"seqNum\":0},"
                + "{\"data\":\"second\",\"id\":\"id\",\"seqNum\":1}]}", all.body());
        assertEquals("{\"records\":[{\"data\":\"second\",\"id\":\"id\",\"seqNum\":1}]}", later.body());
        assertEquals(400, bad.statusCode());
        assertEquals("0", header(probe, "X-Last-Chunk-Index"));
    }
}
