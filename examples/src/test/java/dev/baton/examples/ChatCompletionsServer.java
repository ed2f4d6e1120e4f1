package dev.baton.examples;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.baton.wire.json.WireJson;

/** An endpoint that speaks OpenAI's chat completions as server-sent events, and says what it is told to. */
final class ChatCompletionsServer implements AutoCloseable {
    private final HttpServer server;
    private final List<String> answers;
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final CountDownLatch readerGone = new CountDownLatch(1);

    /** @param answers one per request, each a JSON chunk per line; one that is a number is refused with it, {@code …} goes on for good */
    ChatCompletionsServer(String... answers) throws IOException {
        this.answers = new CopyOnWriteArrayList<>(answers);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    List<JsonNode> requests() {
        return requests;
    }

    List<String> keys() {
        return keys;
    }

    /** Counted down when somebody has hung up in the middle of an answer that goes on for good. */
    CountDownLatch readerGone() {
        return readerGone;
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(WireJson.readTree(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        String answer = answers.removeFirst();
        if (answer.matches("\\d+")) {
            exchange.sendResponseHeaders(Integer.parseInt(answer), -1);
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            for (String chunk : answer.lines().toList()) {
                if (chunk.equals("…")) {
                    fillUntilItBreaks(body);
                } else {
                    write(body, chunk);
                }
            }
            write(body, "[DONE]");
        }
    }

    private void fillUntilItBreaks(OutputStream body) {
        try {
            while (true) {
                write(body, "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\" more\"}}]}");
            }
        } catch (IOException _) {
            readerGone.countDown();
        }
    }

    private static void write(OutputStream body, String data) throws IOException {
        body.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        body.flush();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
