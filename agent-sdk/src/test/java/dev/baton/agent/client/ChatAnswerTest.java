package dev.baton.agent.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.http.CallRefusedException;
import dev.baton.agent.http.HttpCalls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How an answer is read over connections that end (contract §5.3). */
@Timeout(30)
class ChatAnswerTest {
    private static final String NOTHING = "";

    /** What each connection brings; the last one is repeated. */
    private final ConcurrentLinkedQueue<String> connections = new ConcurrentLinkedQueue<>();
    private final List<String> cursors = new CopyOnWriteArrayList<>();
    private final List<Long> seen = new ArrayList<>();
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final HttpCalls calls = new HttpCalls();
    private int status = 200;
    private final HttpServer server = serve();

    private HttpServer serve() {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            started.createContext("/", this::answer);
            started.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        cursors.add(String.valueOf(exchange.getRequestHeaders().getFirst("Last-Event-ID")));
        String body = connections.size() > 1 ? connections.poll() : connections.peek();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @AfterEach
    void close() {
        calls.close();
        server.stop(0);
    }

    private ChatAnswer answer(long sinceInSeq) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        return new ChatAnswer(
                new OutStream(calls, () -> HttpCalls.request(url, "key"), -1, OutStream.Patience.FOR_A_TURN),
                sinceInSeq,
                seen::add, tokens::add);
    }

    private static String batch(String... records) {
        return "event: batch\ndata: {\"records\":[" + String.join(",", records) + "]}\n\n";
    }

    private static String chunk(long seq, String json) {
        return "{\"seq_num\":" + seq + ",\"body\":\"{\\\"data\\\":" + json.replace("\"", "\\\"")
                + ",\\\"id\\\":\\\"x\\\"}\",\"headers\":[]}";
    }

    private static String text(long seq, String delta) {
        return chunk(seq, "{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"" + delta + "\"}");
    }

    private static String begin(long seq, String messageId) {
        return chunk(seq, "{\"type\":\"start\",\"messageId\":\"" + messageId + "\"}") + ","
                + chunk(seq + 1, "{\"type\":\"text-start\",\"id\":\"t\"}");
    }

    private static String turnComplete(long seq, long inSeq) {
        return "{\"seq_num\":" + seq + ",\"body\":\"\",\"headers\":[[\"trigger-control\",\"turn-complete\"],"
                + "[\"session-in-event-id\",\"" + inSeq + "\"]]}";
    }

    @Test
    @DisplayName("contract §5.3: a connection that ends is followed by one that resumes, and nothing is read twice")
    void connectionsAreReplaced() throws Exception {
        // Given
        connections
                .addAll(List.of(batch(begin(1, "a"), text(3, "one ")), NOTHING, batch(text(3, "one "), text(4, "two")),
                        batch(turnComplete(5, 0))));

        // When
        ChatResult result = answer(0).result();

        // Then
        assertEquals("one two", result.text());
        assertEquals(List.of("null", "3", "3", "4"), cursors);
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), seen);
    }

    @Test
    @DisplayName("contract §5.3: a turn-complete of an earlier message does not end the answer")
    void anEarlierTurnIsNotOurs() throws Exception {
        // Given
        connections.add(batch(begin(1, "a"), text(3, "not ours"), turnComplete(4, 6), begin(5, "b"), text(7, "ours"),
                turnComplete(8, 7)));

        // When
        ChatResult result = answer(7).result();

        // Then
        assertEquals("ours", result.text());
        assertEquals("b", result.message().orElseThrow().path("id").asText());
    }

    @Test
    @DisplayName("contract §5.3: five connections in a row without a record are the end")
    void connectionsThatBringNothingAreTheEnd() {
        // Given
        connections.addAll(List.of(batch(begin(1, "a")), NOTHING));

        // When
        ChatInterruptedException failure = assertThrows(ChatInterruptedException.class, () -> answer(0).result());

        // Then
        assertTrue(failure.getMessage().contains("5 times in a row"), failure.getMessage());
        assertEquals(6, cursors.size(), "the first, and five more");
    }

    @Test
    void aRefusalIsNotRepeated() {
        // Given
        status = 403;
        connections.add("{}");

        // When
        CallRefusedException refused = assertThrows(CallRefusedException.class, () -> answer(0).next());

        // Then
        assertEquals(403, refused.status());
        assertEquals(1, cursors.size());
    }
}
