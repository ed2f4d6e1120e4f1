package dev.baton.run.domain;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.baton.wire.run.RunStep;
import dev.baton.wire.run.RunStep.Type;
import dev.baton.wire.run.RunSteps;
import dev.baton.wire.run.RunStepsRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

/** What everybody may read of a run between its request and its end (decision 0015). */
class RunPublicationTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final QueueScenario scenario = new QueueScenario();
    private final long startMs = scenario.nowMs();

    private RunStep step(Type type, long afterMs, String workerId, String reason) {
        return new RunStep(type, startMs + afterMs, 1, workerId, "v1", reason);
    }

    private List<RunStep> published() {
        return scenario.published("run_1").steps().newest();
    }

    @Test
    void aRunThatWaitsInItsQueueHasNoSteps() {
        // When
        scenario.requests(scenario.run("run_1"));

        // Then
        assertNull(scenario.published("run_1"));
    }

    @Test
    void aRowNamesTheSessionAndTheRun() {
        // When
        scenario.requests(scenario.run("run_1")).polls("poll-1", "worker-1", 1);

        // Then
        assertEquals(new RunStepsRow(RunStepsRow.FORMAT, "env_dev", "session_run_1", "chat-of-run_1", "run_1",
                new RunSteps(List.of(step(Type.DISPATCHED, 0, "worker-1", null)), 0)), scenario.published("run_1"));
    }

    @Test
    void aWorkerThatDoesNotStartTheRunAndTheOneThatDoesAreBothNamed() {
        // Given
        scenario.requests(scenario.run("run_1")).polls("poll-1", "worker-1", 1);
        scenario.passes(RunLimits.DISPATCH_TIMEOUT).ticks();
        long returnedMs = RunLimits.DISPATCH_TIMEOUT.toMillis();

        // When
        scenario.polls("poll-2", "worker-2", 1).starts("run_1", "worker-2");

        // Then
        assertEquals(List.of(step(Type.DISPATCHED, 0, "worker-1", null),
                step(Type.RETURNED, returnedMs, "worker-1", "not started in time"),
                step(Type.DISPATCHED, returnedMs, "worker-2", null)), published());
    }

    @Test
    void waitingGoingOnAndStoppingComeInTheirOrder() {
        // Given
        scenario.requests(scenario.run("run_1")).polls("poll-1", "worker-1", 1).starts("run_1", "worker-1");

        // When
        scenario.passes(SECOND).beatsWaiting("worker-1", "run_1");
        scenario.passes(SECOND).beats("worker-1", "run_1");
        scenario.passes(SECOND).withdraws("run_1");
        scenario.passes(SECOND).ends("run_1", "worker-1");

        // Then
        assertEquals(List.of(step(Type.DISPATCHED, 0, "worker-1", null), step(Type.WAITING, 1_000, "worker-1", null),
                step(Type.RESUMED, 2_000, "worker-1", null), step(Type.STOPPING, 3_000, "worker-1", "withdrawn"),
                step(Type.STOPPED, 4_000, "worker-1", null)), published());
    }

    @Test
    void stepsSurviveARestart() {
        // Given
        scenario.requests(scenario.run("run_1")).polls("poll-1", "worker-1", 1).starts("run_1", "worker-1");

        // When
        scenario.restarts().passes(SECOND).beatsWaiting("worker-1", "run_1");

        // Then
        assertEquals(List.of(step(Type.DISPATCHED, 0, "worker-1", null), step(Type.WAITING, 1_000, "worker-1", null)),
                published());
    }

    @Test
    void ofALongLifeTheNewestStepsAreKeptAndTheOthersCounted() {
        // Given
        scenario.requests(scenario.run("run_1")).polls("poll-1", "worker-1", 1).starts("run_1", "worker-1");

        // When
        for (int i = 0; i < RunSteps.KEPT_MAX; i++) {
            scenario.beatsWaiting("worker-1", "run_1").beats("worker-1", "run_1");
        }

        // Then
        assertEquals(RunSteps.KEPT_MAX, published().size());
        assertEquals(RunSteps.KEPT_MAX + 1, scenario.published("run_1").steps().omitted());
        assertEquals(Type.RESUMED, published().getLast().type());
    }
}
