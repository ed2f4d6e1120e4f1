package dev.baton.run.gateway;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.run.domain.RunAssignment;
import dev.baton.run.domain.RunAssignment.AnswerStart;
import dev.baton.run.domain.RunAssignment.AssignRun;
import dev.baton.run.domain.RunAssignment.CancelRun;
import dev.baton.run.domain.RunAssignment.DrainWorker;
import dev.baton.run.domain.RunReport;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.run.RunRequest.StartRun;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Tokens;
import dev.baton.wire.worker.CompleteRequest;
import dev.baton.wire.worker.DequeueRequest;
import dev.baton.wire.worker.DequeuedRun;
import dev.baton.wire.worker.HeartbeatAnswer;
import dev.baton.wire.worker.HeartbeatRequest;
import dev.baton.wire.worker.PromoteRequest;
import dev.baton.wire.worker.RegisterAnswer;
import dev.baton.wire.worker.RegisterRequest;
import dev.baton.wire.worker.StartRequest;

/**
 * Stands between the run topology and the workers. It decides nothing: it reports what workers do and hands them what
 * the topology assigned. Each start of the process is a new gateway with an id of its own; what it keeps in memory is
 * worth nothing to the next one. Thread-safe: requests run on their own threads, {@link #accept} on the reader's.
 *
 * <p>If we die between the fence and the answer, the run is not started in time and is assigned again.
 */
public final class WorkerGateway implements Consumer<RunAssignment>, AutoCloseable {
    /** How often a waiting client is checked, and so how long a vanished one can swallow an assignment. */
    static final Duration PULSE = Duration.ofSeconds(1);
    /** How often waiting polls are announced again; the topology forgets them after three. */
    public static final Duration ANNOUNCE_INTERVAL = Duration.ofSeconds(1);
    private static final Duration APPEND_TIMEOUT = Duration.ofSeconds(6);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);
    private static final int RECENT_MAX = 20_000;
    /** Two of them may be lost. */
    private static final int HEARTBEATS_PER_LEASE = 3;
    private static final long FENCE_UNKNOWN = -1;
    private static final Logger LOG = LoggerFactory.getLogger(WorkerGateway.class);

    private final String gatewayId;
    private final RunReports reports;
    private final FenceLog fences;
    private final Tokens tokens;
    private final HandOverTerms terms;
    private final BooleanSupplier open;
    private final OpenPolls polls = new OpenPolls();
    private final Map<Attempt, CompletableFuture<Boolean>> starts = new ConcurrentHashMap<>();
    private final RecentEntries<Attempt, Long> fenceSeqs = new RecentEntries<>(RECENT_MAX);
    /** Told once; as long as the worker goes on, every heartbeat makes the topology repeat it. */
    private final RecentEntries<CancelRun, Boolean> cancels = new RecentEntries<>(RECENT_MAX);
    /** Told once, like cancels. */
    private final RecentEntries<DrainWorker, Boolean> drains = new RecentEntries<>(RECENT_MAX);

    private volatile boolean closed;

    /** @param open whether assignments to this gateway arrive: before that a poll would be a trap */
    public WorkerGateway(String gatewayId, RunReports reports, FenceLog fences, Tokens tokens, HandOverTerms terms,
            BooleanSupplier open) {
        this.gatewayId = gatewayId;
        this.reports = reports;
        this.fences = fences;
        this.tokens = tokens;
        this.terms = terms;
        this.open = open;
    }

    /** A fresh id for one start of a gateway. */
    public static String newId() {
        return "gateway_" + UUID.randomUUID();
    }

    /**
     * Waits for runs, on the caller's thread.
     *
     * @return nothing when the wait ran out or the client is gone
     * @throws GatewayRefusal when the poll could not be announced
     */
    HandOver dequeue(Environment environment, DequeueRequest request, PollLine line) throws InterruptedException {
        if (!open.getAsBoolean()) {
            throw GatewayRefusal.unavailable("the gateway does not hear assignments now, try again");
        }
        String queueKey = Names.queueKey(environment.id(), request.task());
        OpenPoll poll = new OpenPoll(queueKey, new RunReport.Poll("poll_" + UUID.randomUUID(), request.workerId(),
                request.version(), request.slots()));
        if (!polls.add(poll)) {
            throw GatewayRefusal.unavailable("too many polls wait at this gateway, try again");
        }
        boolean reachable;
        try {
            refuseWhenClosed();
            report(queueKey, new RunReport.PollsOpen(gatewayId, List.of(poll.poll())));
            reachable = waitFor(poll, Duration.ofSeconds(request.waitSeconds()), line);
        } catch (GatewayRefusal | InterruptedException e) {
            poll.close().forEach(this::sendBack);
            throw e;
        } finally {
            polls.remove(poll);
        }
        return answer(environment, poll, reachable);
    }

    /** Checked after the poll was added, so that {@link #close} either releases it or is seen here. */
    private void refuseWhenClosed() {
        if (closed) {
            throw GatewayRefusal.unavailable("the gateway stops, try another one");
        }
    }

    /** @return whether the client was there to the end */
    private static boolean waitFor(OpenPoll poll, Duration wait, PollLine line) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + wait.toNanos();
        try {
            while (true) {
                long leftNanos = deadlineNanos - System.nanoTime();
                if (leftNanos <= 0 || poll.await(Duration.ofNanos(Math.min(PULSE.toNanos(), leftNanos)))) {
                    return true;
                }
                line.pulse();
            }
        } catch (IOException _) {
            return false;
        }
    }

    private HandOver answer(Environment environment, OpenPoll poll, boolean reachable) throws InterruptedException {
        List<AssignRun> assignments = poll.close();
        if (assignments.isEmpty()) {
            reports.send(poll.queueKey(), new RunReport.PollEnded(gatewayId, poll.poll().pollId()));
            return HandOver.NOTHING;
        }
        if (!reachable) {
            assignments.forEach(this::sendBack);
            return HandOver.NOTHING;
        }
        return handOver(environment, poll.poll().workerId(), assignments);
    }

    /** All fences are under way before we wait for the first one. */
    private HandOver handOver(Environment environment, String workerId, List<AssignRun> assignments)
            throws InterruptedException {
        List<CompletableFuture<Long>> appends = assignments.stream()
                .map(each -> fences.append(each.request().sessionKey(), writer(each.request()))).toList();
        List<DequeuedRun> runs = new ArrayList<>();
        List<AssignRun> handed = new ArrayList<>();
        for (int i = 0; i < assignments.size(); i++) {
            AssignRun assignment = assignments.get(i);
            try {
                long fenceSeq = await(appends.get(i), APPEND_TIMEOUT);
                fenceSeqs.put(new Attempt(assignment.runId(), assignment.attempt(), workerId), fenceSeq);
                cancels.remove(new CancelRun(assignment.runId(), workerId));
                runs.add(dequeued(environment, assignment));
                handed.add(assignment);
            } catch (ExecutionException | TimeoutException e) {
                LOG.atWarn().addKeyValue("runId", assignment.runId()).addKeyValue("cause", e.toString())
                        .log("fence not written, the run goes back to its queue");
                sendBack(assignment);
            }
        }
        return new HandOver(List.copyOf(runs), List.copyOf(handed));
    }

    private DequeuedRun dequeued(Environment environment, AssignRun assignment) {
        StartRun request = assignment.request();
        String runToken = tokens.mintRunToken(environment, request.sessionKey(), writer(request));
        return new DequeuedRun(request.runId(), assignment.attempt(), request.generation(), request.reason(),
                request.taskIdentifier(), request.sessionId(), request.sessionKey().chatId(), request.previousRunId(),
                request.payload(), runToken, terms.apiUrl(), terms.leaseTtl().toMillis());
    }

    private static Writer writer(StartRun request) {
        return new Writer(request.generation(), request.runId());
    }

    /** The answer could not be delivered. */
    void takeBack(HandOver handOver) {
        handOver.assignments().forEach(this::sendBack);
    }

    /** If the report is lost, the dispatch timeout does the same later. */
    private void sendBack(AssignRun assignment) {
        StartRun request = assignment.request();
        reports.send(Names.queueKey(request.sessionKey().environmentId(), request.taskIdentifier()),
                new RunReport.AssignmentReturned(request.runId(), assignment.dispatch()));
    }

    HeartbeatAnswer heartbeat(Environment environment, HeartbeatRequest request) throws InterruptedException {
        report(Names.queueKey(environment.id(), request.task()),
                new RunReport.WorkerBeat(gatewayId, request.workerId(), request.version(), request.runs(),
                        request.waiting()));
        List<String> cancelled = request.runs().stream()
                .filter(runId -> cancels.remove(new CancelRun(runId, request.workerId())).isPresent()).toList();
        boolean drain = drains.remove(new DrainWorker(request.workerId())).isPresent();
        return new HeartbeatAnswer(cancelled, drain);
    }

    /** Says what the worker is; it may ask for runs at once. */
    RegisterAnswer register(Environment environment, RegisterRequest request) throws InterruptedException {
        report(Names.queueKey(environment.id(), request.task()),
                new RunReport.WorkerRegistered(gatewayId, request.workerId(), request.version(), request.capacity(),
                        request.limits(), request.promote() == null || request.promote()));
        long leaseTtlMs = terms.leaseTtl().toMillis();
        return new RegisterAnswer(terms.apiUrl(), leaseTtlMs, leaseTtlMs / HEARTBEATS_PER_LEASE);
    }

    void promote(Environment environment, String version, PromoteRequest request) throws InterruptedException {
        report(Names.queueKey(environment.id(), request.task()), new RunReport.VersionPromoted(version));
    }

    /**
     * Asks the topology whether this worker may execute the attempt.
     *
     * @throws GatewayRefusal 409 when it may not, 503 when no answer came
     */
    void start(Environment environment, String runId, int attempt, StartRequest request) throws InterruptedException {
        Attempt key = new Attempt(runId, attempt, request.workerId());
        // A repeated request waits for the same answer.
        CompletableFuture<Boolean> answer = starts.computeIfAbsent(key, _ -> new CompletableFuture<>());
        try {
            report(Names.queueKey(environment.id(), request.task()), new RunReport.RunStartReported(gatewayId, runId,
                    attempt, request.workerId(), fenceSeqs.find(key).orElse(FENCE_UNKNOWN)));
            if (!await(answer, START_TIMEOUT)) {
                throw GatewayRefusal.notYours(key);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw GatewayRefusal.unavailable("the start was not decided in time, try again");
        } finally {
            starts.remove(key, answer);
        }
    }

    /** Late and repeated ends are answered like the first one: the topology knows which one counts. */
    void complete(Environment environment, String runId, int attempt, CompleteRequest request)
            throws InterruptedException {
        report(Names.queueKey(environment.id(), request.task()),
                new RunReport.RunEndReported(runId, attempt, request.workerId(), request.outcome(),
                        request.settledInSeq(), request.firstTurnSettled(), request.error()));
    }

    /** An assignment to this gateway has arrived. Called by the reader's thread. */
    @Override
    public void accept(RunAssignment assignment) {
        switch (assignment) {
            case AssignRun run -> {
                if (!polls.find(run.pollId()).map(poll -> poll.offer(run)).orElse(false)) {
                    sendBack(run);
                }
            }
            case AnswerStart answer -> {
                CompletableFuture<Boolean> waiting = starts
                        .get(new Attempt(answer.runId(), answer.attempt(), answer.workerId()));
                if (waiting != null) {
                    waiting.complete(answer.accepted());
                }
            }
            case CancelRun cancel -> cancels.put(cancel, true);
            case DrainWorker drain -> drains.put(drain, true);
        }
    }

    /** Says again which polls wait. Called every {@link #ANNOUNCE_INTERVAL}. */
    public void announce() {
        polls.forEachQueue((queueKey, waiting) -> reports.send(queueKey, new RunReport.PollsOpen(gatewayId, waiting)));
    }

    private void report(String queueKey, RunReport report) throws InterruptedException {
        try {
            await(reports.send(queueKey, report), APPEND_TIMEOUT);
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().addKeyValue("queue", queueKey).addKeyValue("cause", e.toString()).log("report not written");
            throw GatewayRefusal.unavailable("the broker does not answer, try again");
        }
    }

    private static <T> T await(Future<T> future, Duration atMost)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Answers all waiting polls and takes no more. */
    @Override
    public void close() {
        closed = true;
        polls.releaseAll();
    }
}
