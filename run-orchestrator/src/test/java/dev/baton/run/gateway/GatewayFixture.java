package dev.baton.run.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.javalin.Javalin;
import org.apache.kafka.common.errors.TimeoutException;

import dev.baton.run.domain.RunAssignment.AnswerStart;
import dev.baton.run.domain.RunAssignment.AssignRun;
import dev.baton.run.domain.RunReport;
import dev.baton.run.domain.RunReport.PollsOpen;
import dev.baton.run.domain.RunReport.RunStartReported;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.json.Json;
import dev.baton.wire.run.RunRequest.StartRun;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;
import dev.baton.wire.token.Tokens;

/** A gateway on a free port whose reports end here, so that tests can play the topology. */
final class GatewayFixture implements AutoCloseable {
    private static final Duration BODY_ARRIVAL_MAX = Duration.ofSeconds(1);
    static final String GATEWAY = "gateway-1";
    static final String SECRET = Settings.DEFAULT_SECRET_KEY;
    static final SessionKey SESSION = new SessionKey("env_dev", "chat/1");
    private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(20);

    final Tokens tokens = new Tokens(Environments.of(Settings.of(Map.of())), Clock.systemUTC());
    final Environment environment = tokens.environments().byId("env_dev").orElseThrow();
    final List<Reported> reported = new CopyOnWriteArrayList<>();
    final List<Writer> fences = new CopyOnWriteArrayList<>();
    final WorkerGateway gateway;
    private final AtomicLong fenceSeq = new AtomicLong(100);
    private final Javalin server;
    private final HttpClient http = HttpClient.newHttpClient();
    volatile boolean open = true;
    volatile boolean brokerAway;
    volatile boolean fencesFail;
    /** Reacts to reports as the topology would; runs on the reporting thread. */
    volatile Consumer<RunReport> topology = _ -> {};

    /** @param queueKey the record key */
    record Reported(String queueKey, RunReport report) {}

    GatewayFixture() {
        gateway = new WorkerGateway(GATEWAY, this::report, (_, writer) -> fence(writer), tokens,
                new HandOverTerms("http://api.test", Duration.ofSeconds(5)), () -> open);
        server = Javalin.create(config -> {
            config.concurrency.useVirtualThreads = true;
            config.startup.showJavalinBanner = false;
            new WorkerRoutes(gateway, tokens, BODY_ARRIVAL_MAX).accept(config);
        }).start("127.0.0.1", 0);
    }

    private CompletableFuture<Void> report(String queueKey, RunReport report) {
        if (brokerAway) {
            return CompletableFuture.failedFuture(new TimeoutException("no broker"));
        }
        reported.add(new Reported(queueKey, report));
        topology.accept(report);
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Long> fence(Writer writer) {
        if (fencesFail) {
            return CompletableFuture.failedFuture(new TimeoutException("no broker"));
        }
        fences.add(writer);
        return CompletableFuture.completedFuture(fenceSeq.incrementAndGet());
    }

    /** Gives these runs to every poll that is announced. */
    void assigning(String... runIds) {
        topology = report -> {
            if (report instanceof PollsOpen opened) {
                for (String runId : runIds) {
                    gateway.accept(assignment(opened.polls().getFirst().pollId(), runIds.length, runId));
                }
            }
        };
    }

    void answeringStarts(boolean accepted) {
        topology = report -> {
            if (report instanceof RunStartReported start) {
                gateway.accept(new AnswerStart(start.runId(), start.attempt(), start.workerId(), accepted));
            }
        };
    }

    static AssignRun assignment(String pollId, int batch, String runId) {
        return new AssignRun(pollId, 1, batch, 1, new StartRun(runId, SESSION, "session_1", "echo", 4,
                RunReason.CONTINUATION, "run_0", new Json("{\"chatId\":\"chat/1\"}"), null, null, 1, 1));
    }

    <T extends RunReport> List<T> reports(Class<T> type) {
        return reported.stream().map(Reported::report).filter(type::isInstance).map(type::cast).toList();
    }

    HttpResponse<String> post(String path, String body) {
        return post(path, SECRET, body);
    }

    HttpResponse<String> post(String path, String bearer, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(HTTP_TIMEOUT).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static String dequeueBody(int waitSeconds) {
        return "{\"workerId\":\"worker-1\",\"task\":\"echo\",\"version\":\"v1\",\"slots\":2,\"waitSeconds\":"
                + waitSeconds + "}";
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        gateway.close();
        http.close();
        server.stop();
    }
}
