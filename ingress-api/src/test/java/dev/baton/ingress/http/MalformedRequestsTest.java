package dev.baton.ingress.http;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.baton.ingress.Rows;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.token.FacadeGrant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What no HTTP client sends, and what the fuzzer has found (contract §0.5, §0.8). */
class MalformedRequestsTest extends OnIngress {
    @Test
    void whatIsRefusedBeforeAnyRouteIsJsonForEveryMethodWithCorsAndSaysThatTheConnectionEnds() throws IOException {
        for (String method : List.of("GET", "PUT", "PATCH", "OPTIONS", "BREW")) {
            for (String path : List.of("/api/v1/sessions/%ff", "/api/v1/sessions/%u0041", "/api/v1/sessions/%00")) {
                // When
                String answer = exchange(method + " " + path + " HTTP/1.1", "Origin: https://app.example", "");

                // Then
                assertStatus(400, answer);
                assertTrue(answer.contains("\r\nAccess-Control-Allow-Origin: "), answer);
                assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
                assertTrue(answer.endsWith("{\"error\":\"Bad Request\"}"), answer);
            }
        }
    }

    @Test
    void aBodyThatEndsBeforeItsAnnouncedLengthIsABadRequest() throws IOException {
        // When
        String answer = exchange("POST /api/v1/sessions HTTP/1.1", "Content-Length: 500", "{\"type\":");

        // Then
        assertStatus(400, answer);
        assertTrue(answer.endsWith("{\"error\":\"Request body is incomplete\"}"), answer);
    }

    @Test
    void theMethodIsTheOneOfTheRequestLineWhateverAHeaderSays() throws IOException {
        // Given
        sessions.learn(Rows.open("user/1"));

        // When
        String answer = exchange("GET /api/v1/sessions/" + Rows.SESSION_ID + " HTTP/1.1",
                "X-HTTP-Method-Override: PATCH", "");

        // Then
        assertStatus(200, answer);
        assertEquals(List.of(), asked);
    }

    @Test
    void aTargetWithoutAPathIsNotRedirected() throws IOException {
        // When
        String answer = exchange("OPTIONS ?a=b HTTP/1.1", "Accept: */*", "");

        // Then
        assertTrue(answer.startsWith("HTTP/1.1 4"), answer);
        assertFalse(answer.toLowerCase(java.util.Locale.ROOT).contains("\r\nlocation:"), answer);
    }

    @Test
    void aDirectWriteInACharsetThatNobodyKnowsIsReadAsJson() throws IOException {
        // Given
        String token = tokens.mintFacadeToken(new FacadeGrant(DEV, CHAT, Channel.OUT, Writer.UNNAMED));

        // When
        String answer = exchange("POST " + DirectWrites.ENDPOINT_PATH + "/streams/"
                + Names.streamName(CHAT, Channel.OUT) + "/records HTTP/1.1",
                "Content-Type: application/json;charset=nonsense\r\nContent-Length: 2", "{}", token);

        // Then
        assertStatus(400, answer);
        assertTrue(answer.contains("\"code\":\"invalid\""), answer);
    }

    private static void assertStatus(int status, String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
    }

    private String exchange(String requestLine, String headers, String body) throws IOException {
        return exchange(requestLine, headers, body, KEY);
    }

    /** Sends this much, says that nothing more will come, and reads to the end. */
    private String exchange(String requestLine, String headers, String body, String bearer) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write((requestLine + "\r\nHost: x\r\nAuthorization: Bearer " + bearer + "\r\n"
                    + headers + "\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
