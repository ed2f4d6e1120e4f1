package dev.baton.wire.service;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** {@code /healthz}, {@code /readyz} and {@code /metrics} for services that have no HTTP server of their own. */
public final class HealthServer implements AutoCloseable {
    private final HttpServer server;

    private HealthServer(HttpServer server) {
        this.server = server;
    }

    /**
     * @param metrics the Prometheus text of the process
     * @throws SettingsException when the port is in use
     */
    public static HealthServer start(String host, int port, ServiceHealth health, Supplier<String> metrics) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
            server.createContext("/healthz", exchange -> answer(exchange, health.live(), health.name()));
            server.createContext("/readyz", exchange -> answer(exchange, health.ready(), health.name()));
            server.createContext("/metrics", exchange -> send(exchange, 200, metrics.get()));
            server.start();
            return new HealthServer(server);
        } catch (BindException e) {
            throw new SettingsException("port " + port + " on " + host + " is in use: choose another one for "
                    + health.name());
        } catch (IOException e) {
            throw new SettingsException("cannot listen on " + host + ":" + port + ": " + e.getMessage());
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, boolean good, String name) throws IOException {
        send(exchange, good ? 200 : 503, (good ? "ok " : "not yet: ") + name + "\n");
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
