package dev.baton.run.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.baton.run.domain.RunAssignment.AssignRun;
import dev.baton.run.domain.RunEffect.TellGateway;
import dev.baton.run.domain.RunEffect.TellSession;
import dev.baton.wire.json.Json;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.run.RunRequest.StartRun;
import dev.baton.wire.run.RunRequest.WithdrawRun;
import dev.baton.wire.run.RunStepsRow;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.TriggerConfig;

/** One queue with a clock of its own, driven by inputs; collects what others were told. */
final class QueueScenario {
    static final RunLimits LIMITS = RunLimits.withLeaseTtl(Duration.ofSeconds(5));
    static final String GATEWAY = "gateway-1";
    private static final long START_MS = 1_000_000;

    private final RunDecider decider = new RunDecider(LIMITS);
    private final RunDispatcher dispatcher = new RunDispatcher(LIMITS);
    private RunQueueMemory queue = new RunQueueMemory();
    private long nowMs = START_MS;
    private long watchingSinceMs = START_MS;
    private final List<RunEffect> told = new ArrayList<>();
    private final List<RunInput> inputs = new ArrayList<>();
    private final List<RunMove> moves = new ArrayList<>();
    /** Of each run what was published last. */
    private final Map<String, RunStepsRow> published = new HashMap<>();

    RunQueueMemory queue() {
        return queue;
    }

    long nowMs() {
        return nowMs;
    }

    QueueScenario passes(Duration time) {
        nowMs += time.toMillis();
        return this;
    }

    QueueScenario ticks() {
        return input(new RunInput.Tick(watchingSinceMs));
    }

    /** The process dies and comes back: what is not in the stored bytes is gone. */
    QueueScenario restarts() {
        RunQueueMemory restored = new RunQueueMemory(stored(queue.versions(), WorkerVersions.class));
        queue.runs().reversed().forEach(run -> restored.putRun(stored(run, RunState.class)));
        queue = restored;
        watchingSinceMs = nowMs;
        return this;
    }

    QueueScenario input(RunInput input) {
        inputs.add(input);
        perform(decider.decide(queue, input, nowMs));
        perform(dispatcher.dispatch(queue, nowMs));
        return this;
    }

    private void perform(Decision decision) {
        for (QueueEvent event : decision.events()) {
            Map<String, RunState> before = states();
            RunEvolver.evolve(queue, event);
            RunPublication.of(event).ifPresent(row -> published.put(row.runId(), row));
            note(before, states());
        }
        told.addAll(decision.effects());
    }

    /** @throws IllegalArgumentException when a run made a move that is not on the list */
    private void note(Map<String, RunState> before, Map<String, RunState> after) {
        Set<String> runIds = new HashSet<>(before.keySet());
        runIds.addAll(after.keySet());
        runIds.removeIf(runId -> Objects.equals(before.get(runId), after.get(runId)));
        runIds.forEach(runId -> moves.add(RunMove.between(before.get(runId), after.get(runId))));
    }

    /** Every run that is not over, by its id. */
    Map<String, RunState> states() {
        Map<String, RunState> states = new HashMap<>();
        queue.runs().forEach(run -> states.put(run.runId(), run));
        return states;
    }

    /** As it comes back from a store. */
    static <T> T stored(T value, Class<T> type) {
        return WireJson.read(WireJson.bytes(value), type);
    }

    /** Everything that came in so far. */
    List<RunInput> inputs() {
        return inputs;
    }

    /** Every move that any run has made so far, one for each event. */
    List<RunMove> moves() {
        return moves;
    }

    RunStepsRow published(String runId) {
        return published.get(runId);
    }

    QueueScenario reports(RunReport report) {
        return input(new RunInput.Reported(report));
    }

    QueueScenario requests(StartRun start) {
        return input(new RunInput.Requested(start));
    }

    QueueScenario withdraws(String runId) {
        return input(new RunInput.Requested(new WithdrawRun(runId, session(runId), nowMs)));
    }

    QueueScenario polls(String pollId, String workerId, int slots) {
        return polls(pollId, workerId, "v1", slots);
    }

    QueueScenario polls(String pollId, String workerId, String version, int slots) {
        return reports(new RunReport.PollsOpen(GATEWAY,
                List.of(new RunReport.Poll(pollId, workerId, version, slots))));
    }

    QueueScenario beats(String workerId, String... runIds) {
        return reports(new RunReport.WorkerBeat(GATEWAY, workerId, "v1", List.of(runIds)));
    }

    QueueScenario beatsWaiting(String workerId, String... runIds) {
        return reports(new RunReport.WorkerBeat(GATEWAY, workerId, "v1", List.of(runIds), List.of(runIds)));
    }

    QueueScenario registers(String workerId, String version, int capacity, Map<String, Integer> limits,
            boolean promote) {
        return reports(new RunReport.WorkerRegistered(GATEWAY, workerId, version, capacity, limits, promote));
    }

    QueueScenario promotes(String version) {
        return reports(new RunReport.VersionPromoted(version));
    }

    QueueScenario starts(String runId, String workerId) {
        return reports(new RunReport.RunStartReported(GATEWAY, runId, 1, workerId, 77));
    }

    QueueScenario ends(String runId, String workerId) {
        return reports(new RunReport.RunEndReported(runId, 1, workerId, RunOutcome.COMPLETED, 4L, true, null));
    }

    /** What was told since the last call. */
    List<RunEffect> told() {
        List<RunEffect> result = List.copyOf(told);
        told.clear();
        return result;
    }

    List<AssignRun> assigned() {
        return told().stream().filter(TellGateway.class::isInstance).map(TellGateway.class::cast)
                .map(TellGateway::assignment).filter(AssignRun.class::isInstance).map(AssignRun.class::cast).toList();
    }

    List<RunEvent> events() {
        return told().stream().filter(TellSession.class::isInstance).map(TellSession.class::cast)
                .map(TellSession::event).toList();
    }

    static SessionKey session(String runId) {
        return new SessionKey("env_dev", "chat-of-" + runId);
    }

    StartRun run(String runId) {
        return pinnedRequest(runId, null, null, nowMs);
    }

    StartRun backedOff(String runId, Duration delay) {
        return pinnedRequest(runId, null, null, nowMs + delay.toMillis());
    }

    StartRun pinned(String runId, String lockToVersion, String requestedVersion) {
        return pinnedRequest(runId, lockToVersion, requestedVersion, nowMs);
    }

    StartRun configured(String runId, TriggerConfig config) {
        return request(runId, config, null, nowMs);
    }

    static TriggerConfig config(String queue, List<String> concurrency, String concurrencyKey) {
        return new TriggerConfig(null, null, queue, null, null, null, null, null, null, concurrency, concurrencyKey,
                null,
                null);
    }

    static TriggerConfig ttl(String json) {
        return new TriggerConfig(null, null, null, null, null, null, null, null, null, null, null, null,
                new Json(json));
    }

    static TriggerConfig maxDuration(int seconds) {
        return new TriggerConfig(null, null, null, null, null, seconds, null, null, null, null, null, null, null);
    }

    private StartRun pinnedRequest(String runId, String lockToVersion, String requestedVersion, long notBefore) {
        TriggerConfig config = new TriggerConfig(null, null, null, null, null, null, lockToVersion, null, null, null,
                null, null, null);
        return request(runId, config, requestedVersion, notBefore);
    }

    private StartRun request(String runId, TriggerConfig config, String requestedVersion, long notBefore) {
        return new StartRun(runId, session(runId), "session_" + runId, "echo", 3, RunReason.INITIAL, null,
                Json.EMPTY_OBJECT, config, requestedVersion, nowMs, notBefore);
    }
}
