package dev.baton.agent.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A chat without a secret key, against a server whose turns bring one token after the other. */
@Timeout(30)
class ResumedChatTest {
    private final List<String> bearers = new CopyOnWriteArrayList<>();
    private final AtomicInteger messages = new AtomicInteger();
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
        String path = exchange.getRequestURI().getPath();
        bearers.add(path.substring(path.lastIndexOf('/') + 1) + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        int turn = path.endsWith("/append") ? messages.getAndIncrement() : messages.get() - 1;
        String body = path.endsWith("/append")
                ? "{\"ok\":true,\"seq\":" + turn + "}"
                : "event: batch\ndata: {\"records\":[{\"seq_num\":" + turn
                        + ",\"body\":\"\",\"headers\":[[\"trigger-control\",\"turn-complete\"],"
                        + "[\"public-access-token\",\"token-" + (turn + 2) + "\"],[\"session-in-event-id\",\"" + turn
                        + "\"]]}]}\n\n";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    @DisplayName("features #288: whoever goes on with a token goes on with the newest one")
    void everyTurnBringsTheTokenForTheNextOne() throws Exception {
        // Given
        try (AgentChat chat = AgentChat.resume("http://127.0.0.1:" + server.getAddress().getPort(), "token-1", "chat")
                .build()) {
            // When
            chat.send("one").result();
            chat.send("two").result();

            // Then
            assertEquals(List.of("append Bearer token-1", "out Bearer token-1", "append Bearer token-2",
                    "out Bearer token-2"), bearers);
            assertEquals(Optional.of("token-3"), chat.token());
        }
    }
}
