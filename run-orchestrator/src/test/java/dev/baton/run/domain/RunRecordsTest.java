package dev.baton.run.domain;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.RunOutcome;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The stored and sent formats of this module: every type comes back as it was written, under its versioned name. */
class RunRecordsTest {
    static Stream<Arguments> records() {
        QueueScenario scenario = new QueueScenario();
        RunState.Queued queued = new RunState.Queued(scenario.run("run_1"), 1, 7, 2);
        RunState.Dispatched dispatched = queued
                .dispatchedTo(new WorkerPoll("poll", "gateway", "worker", "v1", 1, 5, false), 9);
        return Stream.of(Arguments.of(RunState.class, queued, "queued/1"),
                Arguments.of(RunState.class, dispatched, "dispatched/1"),
                Arguments.of(RunState.class, dispatched.started(11), "executing/1"),
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
        assertEquals(-1, versions.rank("v0"));
        assertEquals(versions, WireJson.read(WireJson.bytes(versions), WorkerVersions.class));
    }
}
