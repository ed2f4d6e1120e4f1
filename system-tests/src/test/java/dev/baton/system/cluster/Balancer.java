package dev.baton.system.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What stands before several processes in production: takes connections on one port, gives them to the backends in turn, asks
 * each backend for its readiness, and drops the connections of one that does not answer.
 */
public final class Balancer implements AutoCloseable {
    private static final Duration PROBE_INTERVAL = Duration.ofMillis(500);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
    private static final int CONNECT_TIMEOUT_MS = 1_000;

    private final ServerSocket server;
    private final List<Integer> backends;
    private final Map<Integer, Boolean> ready = new ConcurrentHashMap<>();
    /** By backend: both ends of every connection. */
    private final Map<Integer, Set<Socket>> connections = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PROBE_TIMEOUT).build();
    private final ScheduledExecutorService prober = Executors.newScheduledThreadPool(2,
            Thread.ofPlatform().name("balancer-probe-", 0).daemon().factory());

    private Balancer(List<Integer> backends) throws IOException {
        this.backends = backends;
        this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    }

    /** @param backends ports on loopback; they may come later */
    public static Balancer start(List<Integer> backends) {
        try {
            Balancer balancer = new Balancer(backends);
            Thread.ofVirtual().start(balancer::accept);
            backends.forEach(backend -> balancer.prober.scheduleWithFixedDelay(() -> balancer.probe(backend), 0,
                    PROBE_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
            return balancer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    private void probe(int backend) {
        boolean answers;
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + backend + "/readyz"))
                    .timeout(PROBE_TIMEOUT).build();
            answers = http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            answers = false;
            // Not merely busy with a rebalance: gone, or standing still.
            connections.getOrDefault(backend, Set.of()).forEach(Balancer::close);
        } catch (InterruptedException _) {
            return;
        }
        ready.put(backend, answers);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException _) {
            // The server is closed.
        }
    }

    private void serve(Socket client) {
        int first = turn.getAndIncrement();
        for (int i = 0; i < backends.size(); i++) {
            int backend = backends.get(Math.floorMod(first + i, backends.size()));
            if (ready.getOrDefault(backend, false) && connect(client, backend)) {
                return;
            }
        }
        close(client);
    }

    private boolean connect(Socket client, int backend) {
        Socket upstream = new Socket();
        try {
            upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), backend), CONNECT_TIMEOUT_MS);
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
        } catch (IOException _) {
            close(upstream);
            return false;
        }
        Set<Socket> open = connections.computeIfAbsent(backend, _ -> ConcurrentHashMap.newKeySet());
        open.add(client);
        open.add(upstream);
        Thread.ofVirtual().start(() -> pump(upstream, client, open));
        pump(client, upstream, open);
        return true;
    }

    /** The end of one direction is the end of both: nobody here half-closes. */
    private static void pump(Socket from, Socket to, Set<Socket> open) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // One of the two is gone.
        } finally {
            close(from);
            close(to);
            open.remove(from);
            open.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        prober.shutdownNow();
        http.shutdownNow();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.values().forEach(open -> open.forEach(Balancer::close));
    }
}
