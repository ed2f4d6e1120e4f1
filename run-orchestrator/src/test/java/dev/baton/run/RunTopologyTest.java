package dev.baton.run;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.baton.run.domain.RunAssignment;
import dev.baton.run.domain.RunLimits;
import dev.baton.run.domain.RunReport;
import dev.baton.run.domain.RunState;
import dev.baton.run.metrics.RunMetrics;
import dev.baton.wire.Names;
import dev.baton.wire.json.Json;
import dev.baton.wire.json.JsonSerde;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.run.RunStep;
import dev.baton.wire.run.RunStepsRow;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionKey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The topology as it runs, with its real configuration, stores and record formats. */
class RunTopologyTest {
    private static final String QUEUE = "env_dev/echo";
    private static final String GATEWAY = "gateway-1";
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final long START_MS = 1_700_000_000_000L;

    @TempDir
    Path stateDir;
    private final RunMetrics metrics = new RunMetrics(new Metrics());
    private TopologyTestDriver driver;
    private TestInputTopic<String, RunRequest> requests;
    private TestInputTopic<String, RunReport> reports;
    private TestOutputTopic<String, RunAssignment> assignments;
    private TestOutputTopic<String, RunEvent> events;
    private TestOutputTopic<String, RunStepsRow> steps;

    @BeforeEach
    void start() {
        Settings settings = Settings.of(Map.of(Setting.KAFKA_BOOTSTRAP.key(), "nowhere:1", Setting.STATE_DIR.key(),
                stateDir.toString()));
        Properties config = RunStreamsConfig.of(settings, metrics);
        driver = new TopologyTestDriver(RunTopology.build(RunLimits.withLeaseTtl(LEASE), metrics), config,
                Instant.ofEpochMilli(START_MS));
        requests = driver.createInputTopic(Names.RUN_REQUESTS_TOPIC, new StringSerializer(),
                new JsonSerde<>(RunRequest.class).serializer());
        reports = driver.createInputTopic(Names.RUN_REPORTS_TOPIC, new StringSerializer(),
                new JsonSerde<>(RunReport.class).serializer());
        assignments = driver.createOutputTopic(Names.RUN_ASSIGNMENTS_TOPIC, new StringDeserializer(),
                new JsonSerde<>(RunAssignment.class).deserializer());
        events = driver.createOutputTopic(Names.RUN_EVENTS_TOPIC, new StringDeserializer(),
                new JsonSerde<>(RunEvent.class).deserializer());
        steps = driver.createOutputTopic(Names.RUN_STEPS_TOPIC, new StringDeserializer(),
                new JsonSerde<>(RunStepsRow.class).deserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private static RunRequest.StartRun run(String runId) {
        return new RunRequest.StartRun(runId, new SessionKey("env_dev", "chat-1"), "session_1", "echo", 1,
                RunReason.INITIAL, null, Json.EMPTY_OBJECT, null, null, START_MS, START_MS);
    }

    private void poll(String pollId) {
        reports.pipeInput(QUEUE, new RunReport.PollsOpen(GATEWAY,
                List.of(new RunReport.Poll(pollId, "worker-1", "v1", 1))));
    }

    private void execute(String runId) {
        poll("poll-" + runId);
        requests.pipeInput(QUEUE, run(runId));
        reports.pipeInput(QUEUE, new RunReport.RunStartReported(GATEWAY, runId, 1, "worker-1", 42));
    }

    @Test
    void aRunGoesToTheGatewayOfThePollAndItsEventsToTheSession() {
        // Given
        poll("poll-1");

        // When
        requests.pipeInput(QUEUE, run("run_1"));
        reports.pipeInput(QUEUE, new RunReport.RunStartReported(GATEWAY, "run_1", 1, "worker-1", 42));
        reports.pipeInput(QUEUE,
                new RunReport.RunEndReported("run_1", 1, "worker-1", RunOutcome.COMPLETED, 0L, true, null));

        // Then
        assertEquals(List.of(
                KeyValue.pair(GATEWAY, (RunAssignment) new RunAssignment.AssignRun("poll-1", 1, 1, 1, run("run_1"))),
                KeyValue.pair(GATEWAY, (RunAssignment) new RunAssignment.AnswerStart("run_1", 1, "worker-1", true))),
                assignments.readKeyValuesToList());
        assertEquals(List.of(
                KeyValue.pair("env_dev/chat-1",
                        (RunEvent) new RunEvent.RunStarted("run_1", 1, START_MS, 1, "worker-1", "v1", 42)),
                KeyValue.pair("env_dev/chat-1", (RunEvent) new RunEvent.RunEnded("run_1", 1, START_MS,
                        RunOutcome.COMPLETED, 0L, true, null))),
                events.readKeyValuesToList());
        assertTrue(store().isEmpty());
    }

    /** PROTOCOL 2.20. */
    @Test
    void whatHappensToARunIsPublishedUnderTheKeyOfItsProvenance() {
        // Given
        execute("run_1");

        // When
        requests.pipeInput(QUEUE, new RunRequest.WithdrawRun("run_1", new SessionKey("env_dev", "chat-1"), START_MS));

        // Then
        List<KeyValue<String, RunStepsRow>> rows = steps.readKeyValuesToList();
        assertEquals(Set.of("env_dev/chat-1/run_1"), rows.stream().map(row -> row.key).collect(Collectors.toSet()));
        assertEquals(List.of(RunStep.Type.DISPATCHED, RunStep.Type.STOPPING),
                rows.getLast().value.steps().newest().stream().map(RunStep::type).toList());
    }

    @Test
    void aWaitingRunIsStoredAndCounted() {
        // When
        requests.pipeInput(QUEUE, run("run_1"));

        // Then
        assertInstanceOf(RunState.Queued.class, store().get(QUEUE + "/run_1"));
        assertEquals(1, metrics.queued());
    }

    @Test
    void queuesOfDifferentTasksDoNotMix() {
        // Given
        poll("poll-1");

        // When
        requests.pipeInput("env_dev/other", run("run_1"));

        // Then
        assertTrue(assignments.isEmpty());
    }

    @Test
    void timeAloneEndsTheRunsOfALostWorker() {
        // Given
        execute("run_1");
        events.readKeyValuesToList();

        // When
        passes(LEASE.plus(RunProcessor.TICK));

        // Then
        RunEvent.RunEnded ended = assertInstanceOf(RunEvent.RunEnded.class, events.readValue());
        assertEquals(RunOutcome.CRASHED, ended.outcome());
    }

    @Test
    void aStallOfOursKillsNobody() {
        // Given
        execute("run_1");
        events.readKeyValuesToList();

        // When
        driver.advanceWallClockTime(LEASE.multipliedBy(3));

        // Then
        assertTrue(events.isEmpty());
    }

    @Test
    void timeAloneAssignsARunAgainThatWasNotStarted() {
        // Given
        poll("poll-1");
        requests.pipeInput(QUEUE, run("run_1"));
        assignments.readKeyValuesToList();

        // When
        passes(RunLimits.DISPATCH_TIMEOUT.plus(RunProcessor.TICK));
        poll("poll-2");

        // Then
        assertEquals(new RunAssignment.AssignRun("poll-2", 2, 1, 1, run("run_1")), assignments.readValue());
    }

    @Test
    void aRecordThatIsNotOursIsSkippedAndTheNextOneIsServed() {
        // Given
        poll("poll-1");
        TestInputTopic<String, byte[]> raw = driver.createInputTopic(Names.RUN_REQUESTS_TOPIC, new StringSerializer(),
                new ByteArraySerializer());

        // When
        raw.pipeInput(QUEUE, "{\"type\":\"from-the-future/9\"".getBytes(StandardCharsets.UTF_8));
        raw.pipeInput(QUEUE, null);
        requests.pipeInput(QUEUE, run("run_1"));

        // Then
        assertEquals(1, assignments.readKeyValuesToList().size());
    }

    private void passes(Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(RunProcessor.TICK)) {
            driver.advanceWallClockTime(RunProcessor.TICK);
        }
    }

    private Map<String, RunState> store() {
        Map<String, RunState> stored = new HashMap<>();
        try (var all = driver.<String, RunState>getKeyValueStore(RunTopology.RUNS_STORE).all()) {
            all.forEachRemaining(entry -> stored.put(entry.key, entry.value));
        }
        return stored;
    }
}
