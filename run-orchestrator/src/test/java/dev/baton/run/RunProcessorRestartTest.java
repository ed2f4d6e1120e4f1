package dev.baton.run;

import java.time.Duration;
import java.util.List;
import java.util.Properties;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.baton.run.domain.RunAssignment;
import dev.baton.run.domain.RunInput;
import dev.baton.run.domain.RunLimits;
import dev.baton.run.domain.RunReport;
import dev.baton.run.domain.RunState;
import dev.baton.run.domain.WorkerVersions;
import dev.baton.run.metrics.RunMetrics;
import dev.baton.wire.json.Json;
import dev.baton.wire.json.JsonSerde;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.run.RunRequest.StartRun;
import dev.baton.wire.run.RunRequest.WithdrawRun;
import dev.baton.wire.run.RunStepsRow;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionKey;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A task that is started again on the stores of its predecessor. */
class RunProcessorRestartTest {
    private static final String QUEUE = "env_dev/echo";
    private static final long START_MS = 1_700_000_000_000L;
    private static final Duration DOWNTIME = Duration.ofMinutes(10);
    private static final RunLimits LIMITS = RunLimits.withLeaseTtl(Duration.ofSeconds(5));

    private final MockProcessorContext<String, Object> context = new MockProcessorContext<>(new Properties());
    private final RunMetrics metrics = new RunMetrics(new Metrics());

    @BeforeEach
    void createStores() {
        add(RunTopology.RUNS_STORE, RunState.class);
        add(RunTopology.VERSIONS_STORE, WorkerVersions.class);
        context.setCurrentSystemTimeMs(START_MS);
    }

    private <V> void add(String name, Class<V> type) {
        KeyValueStore<String, V> store = Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name),
                Serdes.String(), new JsonSerde<>(type)).withLoggingDisabled().withCachingDisabled().build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
    }

    private RunProcessor started() {
        RunProcessor processor = new RunProcessor(LIMITS, metrics);
        processor.init(context);
        return processor;
    }

    private static void report(RunProcessor processor, RunReport report) {
        processor.process(new Record<>(QUEUE, new RunInput.Reported(report), START_MS));
    }

    private static void request(RunProcessor processor, String runId) {
        processor.process(new Record<>(QUEUE, new RunInput.Requested(new StartRun(runId,
                new SessionKey("env_dev", "chat-" + runId), "session_1", "echo", 1, RunReason.INITIAL, null,
                Json.EMPTY_OBJECT, null, null, START_MS, START_MS)), START_MS));
    }

    private static void poll(RunProcessor processor, String pollId, int slots) {
        report(processor, new RunReport.PollsOpen("gateway-1",
                List.of(new RunReport.Poll(pollId, "worker-1", "v1", slots))));
    }

    /** What gateways and sessions were told; the published steps of runs are not about the restart. */
    private List<Object> told() {
        List<Object> told = context.forwarded().stream().map(each -> (Object) each.record().value())
                .filter(value -> !(value instanceof RunStepsRow)).toList();
        context.resetForwards();
        return told;
    }

    private void tick(long atMs) {
        context.setCurrentSystemTimeMs(atMs);
        context.scheduledPunctuators().getLast().getPunctuator().punctuate(atMs);
    }

    @Test
    void runsThatWaitedAreServedInTheirOrder() {
        // Given
        RunProcessor before = started();
        List.of("run_b", "run_a", "run_c").forEach(runId -> request(before, runId));
        before.close();

        // When
        RunProcessor after = started();
        poll(after, "poll-1", 2);

        // Then
        assertEquals(List.of("run_b", "run_a"),
                told().stream().map(RunAssignment.AssignRun.class::cast).map(RunAssignment.AssignRun::runId).toList());
        assertEquals(1, metrics.queued());
    }

    @Test
    void aRunThatExecutedHasAWholeLeaseFromTheRestartOn() {
        // Given
        RunProcessor before = started();
        request(before, "run_1");
        poll(before, "poll-1", 1);
        report(before, new RunReport.RunStartReported("gateway-1", "run_1", 1, "worker-1", 7));
        before.close();
        told();
        long restartMs = START_MS + DOWNTIME.toMillis();
        context.setCurrentSystemTimeMs(restartMs);
        started();

        // When
        long lastMs = restartMs + LIMITS.leaseTtl().toMillis();
        for (long atMs = restartMs; atMs < lastMs; atMs += RunProcessor.TICK.toMillis()) {
            tick(atMs);
        }
        List<Object> within = told();
        tick(lastMs);

        // Then
        assertEquals(List.of(), within);
        assertEquals(List.of("run_1"), told().stream().map(RunEvent.class::cast).map(RunEvent::runId).toList());
    }

    @Test
    void pollsOfBeforeAreForgottenUntilTheirGatewayAnnouncesThemAgain() {
        // Given
        RunProcessor before = started();
        poll(before, "poll-1", 1);
        before.close();
        RunProcessor after = started();
        request(after, "run_1");
        List<Object> beforeTheAnnouncement = told();

        // When
        poll(after, "poll-1", 1);

        // Then
        assertEquals(List.of(), beforeTheAnnouncement);
        assertEquals(1, told().size());
    }

    @Test
    void aQueueIsForgottenWithItsLastRunPollAndWorkerAndStillKnowsItsVersions() {
        // Given
        RunProcessor processor = started();
        request(processor, "run_1");
        poll(processor, "poll-1", 1);
        report(processor, new RunReport.WorkerBeat("gateway-1", "worker-1", "v1", List.of()));
        tick(START_MS);
        int inUse = processor.queuesInMemory();

        // When
        processor.process(new Record<>(QUEUE, new RunInput.Requested(new WithdrawRun("run_1",
                new SessionKey("env_dev", "chat-run_1"), START_MS)), START_MS));
        tick(START_MS + LIMITS.pollTtl().toMillis());
        int withAWorker = processor.queuesInMemory();
        tick(START_MS + LIMITS.leaseTtl().multipliedBy(2).toMillis());
        int afterwards = processor.queuesInMemory();
        request(processor, "run_2");
        told();
        report(processor, new RunReport.WorkerRegistered("gateway-1", "worker-0", "v0", 1, null, false));
        report(processor, new RunReport.PollsOpen("gateway-1",
                List.of(new RunReport.Poll("poll-2", "worker-0", "v0", 1))));

        // Then
        assertEquals(List.of(1, 1, 0), List.of(inUse, withAWorker, afterwards));
        assertEquals(List.of(), told(), "v1 is still the current version");
    }
}
