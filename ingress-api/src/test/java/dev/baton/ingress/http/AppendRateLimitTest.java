package dev.baton.ingress.http;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.baton.ingress.Rows;
import dev.baton.wire.session.SessionReply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** contract §0.7, features #85: appends are counted per key, for themselves. */
class AppendRateLimitTest extends OnIngress {
    @Override
    RateLimits limits() {
        return new RateLimits(new TokenBuckets(0, 1), new TokenBuckets(2, 4),
                Clock.fixed(Instant.ofEpochMilli(1_000_000), ZoneOffset.UTC));
    }

    @Test
    void aKeyThatAppendsTooOftenIsToldWhenToComeBackAndItsAppendHasDoneNothing() throws Exception {
        // Given
        sessions.learn(Rows.open("user/1"));
        reply = new SessionReply.AppendAnswered(7, false);
        append(KEY);
        append(KEY);

        // When
        HttpResponse<String> third = append(KEY);

        // Then
        assertEquals(429, third.statusCode());
        assertEquals(List.of("2", "0", "1000250"), List.of(header(third, "x-ratelimit-limit"),
                header(third, "x-ratelimit-remaining"), header(third, "x-ratelimit-reset")));
        assertTrue(header(third, "Content-Type").startsWith("application/problem+json"));
        assertEquals("*", header(third, "Access-Control-Allow-Origin"));
        assertEquals(2, asked.size());
        assertEquals(200, append(tokens.mintSessionToken(DEV, "user/1")).statusCode());
        assertEquals(200, send(request("/realtime/v1/sessions/user%2F1/in/records", KEY).GET()).statusCode());
        assertEquals("none", header(send(request("/api/v1/sessions/user%2F1", KEY).GET()), "x-ratelimit-limit"));
    }

    private HttpResponse<String> append(String bearer) throws Exception {
        return send(request("/realtime/v1/sessions/user%2F1/in/append", bearer).header("X-Part-Id", "p1")
                .POST(BodyPublishers.ofString("{\"kind\":\"stop\"}")));
    }
}
