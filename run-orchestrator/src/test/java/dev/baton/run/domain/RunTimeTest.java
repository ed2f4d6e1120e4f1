package dev.baton.run.domain;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.baton.run.domain.RunAssignment.CancelRun;
import dev.baton.run.domain.RunEffect.TellGateway;
import dev.baton.run.domain.RunState.Executing;
import dev.baton.run.domain.RunState.Queued;
import dev.baton.run.domain.RunState.Stopping;
import dev.baton.run.domain.RunState.Waiting;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.session.RunOutcome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What time does to a run: ttl, maxDuration without the waiting (features #167), and the grace of a stop. */
class RunTimeTest {
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration GRACE = QueueScenario.LIMITS.stopGrace();
    private static final int MOST_SECONDS = 3;

    private final QueueScenario scenario = new QueueScenario();

    private RunState run() {
        return scenario.queue().run("run_1").orElseThrow();
    }

    private RunEvent.RunEnded lastEnd() {
        return (RunEvent.RunEnded) scenario.events().getLast();
    }

    /** Executing at worker-1, with heartbeats so far. */
    private void executes() {
        scenario.requests(scenario.configured("run_1", QueueScenario.maxDuration(MOST_SECONDS)))
                .polls("poll-1", "worker-1", 1).starts("run_1", "worker-1").beats("worker-1", "run_1").told();
    }

    private void executesFor(int beats) {
        for (int i = 0; i < beats; i++) {
            scenario.passes(BEAT).beats("worker-1", "run_1").ticks();
        }
    }

    private void waitsFor(int beats) {
        for (int i = 0; i < beats; i++) {
            scenario.passes(BEAT).beatsWaiting("worker-1", "run_1").ticks();
        }
    }

    @ParameterizedTest
    @CsvSource({"2,2000", "'\"2s\"',2000", "'\"1m30s\"',90000", "'\"1h\"',3600000"})
    void aRunThatWaitsForAWorkerLongerThanItsTtlExpiresAndNotBefore(String ttl, long ms) {
        // Given
        scenario.requests(scenario.configured("run_1", QueueScenario.ttl(ttl)));

        // When
        scenario.passes(Duration.ofMillis(ms - 1)).ticks();
        RunState justBefore = run();
        scenario.passes(Duration.ofMillis(1)).ticks();

        // Then
        assertInstanceOf(Queued.class, justBefore);
        assertEquals(RunOutcome.EXPIRED, lastEnd().outcome());
        assertTrue(scenario.queue().runs().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"0", "'\"soon\"'", "'\"\"'"})
    void aTtlThatSaysNothingLetsARunWaitForEver(String ttl) {
        // Given
        scenario.requests(scenario.configured("run_1", QueueScenario.ttl(ttl)));

        // When
        scenario.passes(Duration.ofDays(30)).ticks();

        // Then
        assertInstanceOf(Queued.class, run());
    }

    @Test
    void aRunThatHasExpiredIsNotGivenToAPollThatComesBeforeTheTick() {
        // Given
        scenario.requests(scenario.configured("run_1", QueueScenario.ttl("2"))).passes(Duration.ofSeconds(2));

        // When
        scenario.polls("poll-1", "worker-1", 1);

        // Then
        assertEquals(List.of(), scenario.assigned());
    }

    @Test
    void aRunThatExecutesDoesNotExpire() {
        // Given
        scenario.requests(scenario.configured("run_1", QueueScenario.ttl("2"))).polls("poll-1", "worker-1", 1)
                .starts("run_1", "worker-1");

        // When
        executesFor(5);

        // Then
        assertInstanceOf(Executing.class, run());
    }

    @Test
    void aRunThatExecutesLongerThanItsMaxDurationIsToldToStop() {
        // Given
        executes();
        executesFor(MOST_SECONDS - 1);
        List<RunEffect> before = scenario.told();

        // When
        scenario.passes(BEAT).ticks();

        // Then
        assertEquals(List.of(), before);
        assertEquals(List.of(new TellGateway(QueueScenario.GATEWAY, new CancelRun("run_1", "worker-1"))),
                scenario.told());
        assertEquals(StopCause.TIMED_OUT, assertInstanceOf(Stopping.class, run()).cause());
    }

    @Test
    void theTimeThatARunWaitsDoesNotCountTowardsItsMaxDuration() {
        // Given
        executes();
        executesFor(MOST_SECONDS - 2);

        // When
        waitsFor(100);
        RunState whileItWaits = run();
        scenario.beats("worker-1", "run_1").restarts().ticks();
        RunState whenItGoesOn = run();
        executesFor(1);

        // Then
        assertInstanceOf(Waiting.class, whileItWaits);
        assertInstanceOf(Executing.class, whenItGoesOn);
        assertInstanceOf(Stopping.class, run());
    }

    @Test
    void aRunThatStopsInTimeAfterItsMaxDurationHasTimedOutAndItsSettledCursorCounts() {
        // Given
        executes();
        executesFor(MOST_SECONDS);

        // When
        scenario.ends("run_1", "worker-1");

        // Then
        assertEquals(new RunEvent.RunEnded("run_1", 3, scenario.nowMs(), RunOutcome.TIMED_OUT, 4L, true, null),
                lastEnd());
    }

    @Test
    void aRunThatDoesNotStopWithinTheGraceIsOverAndNotBeforeAndItsWorkerIsRefused() {
        // Given
        executes();
        scenario.withdraws("run_1").told();
        executesFor((int) GRACE.toSeconds() - 1);
        RunState justBefore = run();

        // When
        executesFor(1);
        List<RunEvent> events = scenario.events();
        scenario.told();
        scenario.ends("run_1", "worker-1").starts("run_1", "worker-1").beats("worker-1", "run_1");

        // Then
        assertInstanceOf(Stopping.class, justBefore);
        assertEquals(RunOutcome.CANCELLED, ((RunEvent.RunEnded) events.getLast()).outcome());
        assertEquals(List.of(
                new TellGateway(QueueScenario.GATEWAY, new RunAssignment.AnswerStart("run_1", 1, "worker-1", false)),
                new TellGateway(QueueScenario.GATEWAY, new CancelRun("run_1", "worker-1"))), scenario.told());
    }

    @Test
    void aRestartOfOursGivesTheWholeGraceAgain() {
        // Given
        executes();
        scenario.withdraws("run_1").passes(GRACE.multipliedBy(2)).restarts();

        // When
        scenario.beats("worker-1", "run_1").ticks();

        // Then
        assertInstanceOf(Stopping.class, run());
    }

    @Test
    void aWithdrawnRunThatEndsInTimeEndsAsItsWorkerSays() {
        // Given
        executes();
        scenario.withdraws("run_1");

        // When
        scenario.ends("run_1", "worker-1");

        // Then
        assertEquals(RunOutcome.COMPLETED, lastEnd().outcome());
    }
}
