package dev.baton.ingress.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import dev.baton.ingress.command.NoReplyException;
import dev.baton.ingress.log.ChannelReader;
import dev.baton.ingress.log.FakeLog;
import dev.baton.ingress.snapshot.SnapshotUnavailableException;
import dev.baton.ingress.snapshot.SnapshotUrls;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionReply.Refusal;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;
import dev.baton.wire.token.Tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** An ingress over HTTP on fakes of what lies behind it. */
abstract class OnIngress {
    static final Environment DEV = new Environment("env_dev", "dev", "proj", List.of("tr_dev_key"));
    static final SessionKey CHAT = new SessionKey("env_dev", "user/1");
    static final String KEY = "tr_dev_key";

    final HttpClient http = HttpClient.newHttpClient();
    final Tokens tokens = new Tokens(new Environments(List.of(DEV)), Clock.systemUTC());
    final FakeSessions sessions = new FakeSessions();
    final FakeLog in = new FakeLog(Channel.IN, 1_000_000, Runnable::run);
    final FakeLog out = new FakeLog(Channel.OUT, 1_000_000, Runnable::run);
    final List<SessionCommand> asked = new CopyOnWriteArrayList<>();
    /** The sessions of {@link #asked}, in the same order. */
    final List<SessionKey> askedFor = new CopyOnWriteArrayList<>();
    volatile SessionReply reply = new SessionReply.Refused(Refusal.NOT_FOUND, null);
    /** What lies in the object store, for every session. */
    volatile byte[] snapshot;
    volatile boolean storeIsAway;
    IngressServer server;

    @BeforeEach
    void start() {
        List<Routes> routes = IngressRoutes.all(tokens, limits(), sessions, sessions.runs(), sessions, this::answer,
                out, new ChannelReader(in, out), new FakeUrls(), this::snapshot,
                () -> "http://example.test", List.of(),
                () -> "metrics");
        server = IngressServer.start("127.0.0.1", 0, ConnectionLimits.of(Settings.of(Map.of())), routes, List.of());
    }

    private Optional<byte[]> snapshot(Environment environment, String sessionId) {
        if (storeIsAway) {
            throw new SnapshotUnavailableException("away", null);
        }
        return Optional.ofNullable(snapshot);
    }

    /** None, unless the test is about them. */
    RateLimits limits() {
        return new RateLimits(0, 1, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private SessionReply answer(SessionKey key, SessionCommand command) {
        asked.add(command);
        askedFor.add(key);
        if (reply == null) {
            throw new NoReplyException("nobody", null);
        }
        return reply;
    }

    HttpRequest.Builder request(String path, String bearer) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + bearer);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
    }

    /** What a GET with the secret key answers. */
    JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request(path, KEY).GET());
        assertEquals(200, answer.statusCode(), answer.body());
        return WireJson.readTree(answer.body());
    }

    int status(String path, String bearer) throws IOException, InterruptedException {
        return send(request(path, bearer).GET()).statusCode();
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("none");
    }

    private record FakeUrls() implements SnapshotUrls {
        @Override
        public String readUrl(Environment environment, String sessionId) {
            return "read " + sessionId;
        }

        @Override
        public String writeUrl(Environment environment, String sessionId) {
            return "write " + sessionId;
        }
    }
}
