package dev.baton.run.domain;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.baton.wire.json.WireJson;
import dev.baton.wire.run.RunSteps;
import dev.baton.wire.session.RunOutcome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The stored and sent formats of this module: every type comes back as it was written, under its versioned name. */
class RunRecordsTest {
    static Stream<Arguments> records() {
        QueueScenario scenario = new QueueScenario();
        RunState.Queued queued = new RunState.Queued(scenario.run("run_1"), 1, 7, 2, RunSteps.NONE);
        RunState.Dispatched dispatched = queued
                .dispatchedTo(new WorkerPoll("poll", "gateway", "worker", "v1", 1, 5, false), 9);
        return Stream.of(Arguments.of(RunState.class, queued, "queued/1"),
                Arguments.of(RunState.class, dispatched, "dispatched/1"),
                Arguments.of(RunState.class, dispatched.started(11), "executing/1"),
                Arguments.of(RunState.class, dispatched.started(11).waiting(12), "waiting/1"),
                Arguments.of(RunState.class, dispatched.started(11).stopping(StopCause.TIMED_OUT, 13), "stopping/1"),
                Arguments.of(RunReport.class,
                        new RunReport.WorkerRegistered("gateway", "worker", "v1", 4, Map.of("gpu", 2), true),
                        "worker-registered/1"),
                Arguments.of(RunReport.class, new RunReport.VersionPromoted("v1"), "version-promoted/1"),
                Arguments.of(RunAssignment.class, new RunAssignment.DrainWorker("worker"), "drain-worker/1"),
                Arguments.of(RunReport.class,
                        new RunReport.PollsOpen("gateway", List.of(new RunReport.Poll("poll", "worker", "v1", 2))),
                        "polls-open/1"),
                Arguments.of(RunReport.class, new RunReport.PollEnded("gateway", "poll"), "poll-ended/1"),
                Arguments.of(RunReport.class, new RunReport.AssignmentReturned("run_1", 1), "assignment-returned/1"),
                Arguments.of(RunReport.class, new RunReport.WorkerBeat("gateway", "worker", "v1", List.of("run_1")),
                        "worker-beat/1"),
                Arguments.of(RunReport.class, new RunReport.RunStartReported("gateway", "run_1", 1, "worker", 3),
                        "run-start-reported/1"),
                Arguments.of(RunReport.class, new RunReport.RunEndReported("run_1", 1, "worker", RunOutcome.FAILED, 4L,
                        false, "boom"), "run-end-reported/1"),
                Arguments.of(RunAssignment.class, new RunAssignment.AssignRun("poll", 1, 2, 1, scenario.run("run_1")),
                        "assign-run/1"),
                Arguments.of(RunAssignment.class, new RunAssignment.AnswerStart("run_1", 1, "worker", true),
                        "answer-start/1"),
                Arguments.of(RunAssignment.class, new RunAssignment.CancelRun("run_1", "worker"), "cancel-run/1"));
    }

    @ParameterizedTest
    @MethodSource("records")
    void aRecordComesBackAsItWasWritten(Class<?> type, Object record, String typeName) {
        // When
        byte[] bytes = WireJson.bytes(record);

        // Then
        assertEquals(record, WireJson.read(bytes, type));
        assertEquals(typeName, WireJson.readTree(new String(bytes, StandardCharsets.UTF_8))
                .get("type").textValue());
    }

    /** Stored bytes, old ones included: what lies in a store must stay readable. */
    static Stream<Arguments> storedBytes() {
        String request = "{\"type\":\"start-run/1\",\"runId\":\"run_1\",\"sessionKey\":{\"environmentId\":\"env_dev\","
                + "\"chatId\":\"chat-of-run_1\"},\"sessionId\":\"session_run_1\",\"taskIdentifier\":\"echo\","
                + "\"generation\":3,\"reason\":\"initial\",\"payload\":{},\"config\":{},\"requestedAt\":1000000,"
                + "\"notBefore\":1000000}";
        String held = "\"request\":" + request + ",\"attempt\":1,\"gatewayId\":\"gateway\",\"workerId\":\"worker\","
                + "\"workerVersion\":\"v1\",\"startedAtMs\":11";
        String none = ",\"steps\":{\"newest\":[],\"omitted\":0}}";
        RunState.Executing executing = new RunState.Executing(new QueueScenario().run("run_1"), 1, "gateway", "worker",
                "v1", 11, 0, RunSteps.NONE);
        return Stream.of(
                Arguments.of("{\"type\":\"executing/1\"," + held + ",\"waitedMs\":0" + none, executing, true),
                Arguments.of("{\"type\":\"executing/1\"," + held + ",\"waitedMs\":0}", executing, false),
                Arguments.of("{\"type\":\"executing/1\"," + held + ",\"cancelRequested\":false}", executing, false),
                Arguments.of("{\"type\":\"waiting/1\"," + held + ",\"waitedMs\":0,\"sinceMs\":12"
                        + one("waiting", 12, ""), executing.waiting(12), true),
                Arguments.of("{\"type\":\"stopping/1\"," + held + ",\"cause\":\"TIMED_OUT\",\"askedAtMs\":13"
                        + one("stopping", 13, ",\"reason\":\"timed_out\""), executing.stopping(StopCause.TIMED_OUT, 13),
                        true));
    }

    private static String one(String type, long at, String reason) {
        return ",\"steps\":{\"newest\":[{\"type\":\"" + type + "\",\"at\":" + at
                + ",\"attempt\":1,\"workerId\":\"worker\",\"workerVersion\":\"v1\"" + reason + "}],\"omitted\":0}}";
    }

    @ParameterizedTest
    @MethodSource("storedBytes")
    void storedRunsAreReadAsTheyLieAndWrittenAsTheyAreRead(String bytes, RunState run, boolean isWrittenToday) {
        // When
        RunState read = WireJson.read(bytes, RunState.class);

        // Then
        assertEquals(run, read);
        if (isWrittenToday) {
            assertEquals(bytes, WireJson.text(read));
        }
    }

    @Test
    void versionsOfBeforeCurrentWasKeptTakeTheNewestAsCurrent() {
        // When
        WorkerVersions read = WireJson.read("{\"v\":1,\"seen\":[\"v1\",\"v2\"]}", WorkerVersions.class);

        // Then
        assertEquals(new WorkerVersions(1, List.of("v1", "v2"), "v2", Map.of()), read);
    }

    @Test
    void theVersionListIsBoundedAndForgetsTheOldest() {
        // Given
        WorkerVersions versions = WorkerVersions.NONE;

        // When
        for (int i = 0; i <= WorkerVersions.VERSIONS_MAX; i++) {
            versions = versions.with("v" + i);
        }

        // Then
        assertEquals(WorkerVersions.VERSIONS_MAX, versions.seen().size());
        assertTrue(versions.knows("v0"), "the current version is never forgotten");
        assertFalse(versions.knows("v1"));
        assertEquals(versions, WireJson.read(WireJson.bytes(versions), WorkerVersions.class));
    }
}
