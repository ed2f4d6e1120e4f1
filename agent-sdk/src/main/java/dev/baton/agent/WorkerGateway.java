package dev.baton.agent;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import dev.baton.agent.http.HttpCalls;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.worker.CompleteRequest;
import dev.baton.wire.worker.DequeueAnswer;
import dev.baton.wire.worker.DequeueRequest;
import dev.baton.wire.worker.DequeuedRun;
import dev.baton.wire.worker.HeartbeatAnswer;
import dev.baton.wire.worker.HeartbeatRequest;
import dev.baton.wire.worker.StartRequest;

/** The calls of a worker to its gateway. */
final class WorkerGateway {
    private static final int WAIT_SECONDS = 20;
    /** The most runs that one call may ask for; the gateway refuses more. */
    private static final int SLOTS_PER_CALL_MAX = 100;
    private static final Duration WAIT_SLACK = Duration.ofSeconds(10);
    /** Longer is pointless: the lease is over and the run belongs to a successor. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(10);

    private final HttpCalls calls;
    private final String baseUrl;
    private final String secretKey;
    private final String workerId;
    private final String task;
    private final String version;

    WorkerGateway(HttpCalls calls, String baseUrl, String secretKey, String workerId, String task, String version) {
        this.calls = calls;
        this.baseUrl = baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl;
        this.secretKey = secretKey;
        this.workerId = workerId;
        this.task = task;
        this.version = version;
    }

    /** Waits for runs; one try, because an answer that is lost cannot be asked for again. */
    List<DequeuedRun> dequeue(int slots) throws IOException, InterruptedException {
        HttpRequest request = post("/api/v1/workers/dequeue", secretKey,
                new DequeueRequest(workerId, task, version, Math.min(slots, SLOTS_PER_CALL_MAX), WAIT_SECONDS))
                .timeout(Duration.ofSeconds(WAIT_SECONDS).plus(WAIT_SLACK)).build();
        return answer(request, DequeueAnswer.class).runs();
    }

    /** One try: the next heartbeat is the better repeat. */
    HeartbeatAnswer heartbeat(List<String> runs, List<String> waiting, Duration timeout)
            throws IOException, InterruptedException {
        return answer(post("/api/v1/workers/heartbeat", secretKey,
                new HeartbeatRequest(workerId, task, version, runs, waiting)).timeout(timeout).build(),
                HeartbeatAnswer.class);
    }

    void start(DequeuedRun run) throws InterruptedException {
        HttpRequest request = post(attempt(run) + "/start", run.runToken(), new StartRequest(workerId, task)).build();
        HttpCalls.accepted(calls.repeat(request, START_PATIENCE));
    }

    void complete(DequeuedRun run, RunEnd end, Duration patience) throws InterruptedException {
        CompleteRequest body = new CompleteRequest(workerId, task, end.outcome(), end.settledInSeq(),
                end.firstTurnSettled(), end.error());
        HttpCalls.accepted(calls.repeat(post(attempt(run) + "/complete", run.runToken(), body).build(), patience));
    }

    private <T> T answer(HttpRequest request, Class<T> type) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = calls.once(request);
        if (HttpCalls.passing(answer.statusCode())) {
            throw new IOException("gateway answered with " + answer.statusCode());
        }
        return WireJson.read(HttpCalls.accepted(answer).body(), type);
    }

    private static String attempt(DequeuedRun run) {
        return "/api/v1/runs/" + run.runId() + "/attempts/" + run.attempt();
    }

    private HttpRequest.Builder post(String path, String bearer, Object body) {
        return HttpCalls.request(baseUrl + path, bearer).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(WireJson.bytes(body)));
    }
}
