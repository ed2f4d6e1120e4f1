package dev.baton.run.domain;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.baton.run.domain.RunAssignment.AnswerStart;
import dev.baton.run.domain.RunAssignment.CancelRun;
import dev.baton.run.domain.RunEffect.TellGateway;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.session.RunOutcome;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Starts, heartbeats, ends and leases of a run that a worker was given. */
class RunLifeTest {
    private static final Duration LEASE = QueueScenario.LIMITS.leaseTtl();
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final String OTHER_GATEWAY = "gateway-2";

    private final QueueScenario scenario = new QueueScenario();

    @BeforeEach
    void aRunIsAssigned() {
        scenario.requests(scenario.run("run_1")).polls("poll-1", "worker-1", 1).told();
    }

    private static TellGateway answer(String workerId, boolean accepted) {
        return new TellGateway(QueueScenario.GATEWAY, new AnswerStart("run_1", 1, workerId, accepted));
    }

    private RunEvent.RunEnded lastEnd() {
        return (RunEvent.RunEnded) scenario.events().getLast();
    }

    @Test
    void aStartTellsTheSessionWithTheSeqOfTheFenceAndTheVersionOfTheWorker() {
        // When
        scenario.starts("run_1", "worker-1");

        // Then
        assertEquals(List.of(new RunEffect.TellSession(QueueScenario.session("run_1"),
                new RunEvent.RunStarted("run_1", 3, scenario.nowMs(), 1, "worker-1", "v1", 77)),
                answer("worker-1", true)), scenario.told());
    }

    @Test
    void aRepeatedStartGetsTheSameAnswerAndTellsTheSessionNothing() {
        // Given
        scenario.starts("run_1", "worker-1").told();

        // When
        scenario.starts("run_1", "worker-1");

        // Then
        assertEquals(List.of(answer("worker-1", true)), scenario.told());
    }

    @Test
    void aWorkerWhoseAssignmentTimedOutMayNotStartAndTheNextOneMay() {
        // Given
        scenario.passes(RunLimits.DISPATCH_TIMEOUT).ticks().polls("poll-2", "worker-2", 1).told();

        // When
        scenario.starts("run_1", "worker-1").starts("run_1", "worker-2");

        // Then
        List<RunEffect> told = scenario.told();
        assertEquals(answer("worker-1", false), told.getFirst());
        assertEquals(answer("worker-2", true), told.getLast());
    }

    @Test
    void startsOfUnknownRunsAndWrongAttemptsAreRefused() {
        // When
        scenario.reports(new RunReport.RunStartReported(QueueScenario.GATEWAY, "run_9", 1, "worker-1", 5))
                .reports(new RunReport.RunStartReported(QueueScenario.GATEWAY, "run_1", 2, "worker-1", 5));

        // Then
        assertEquals(
                List.of(new TellGateway(QueueScenario.GATEWAY, new AnswerStart("run_9", 1, "worker-1", false)),
                        new TellGateway(QueueScenario.GATEWAY, new AnswerStart("run_1", 2, "worker-1", false))),
                scenario.told());
    }

    @Test
    void anEndTellsTheSessionWhatTheWorkerSaysAndForgetsTheRun() {
        // Given
        scenario.starts("run_1", "worker-1").told();

        // When
        scenario.ends("run_1", "worker-1");

        // Then
        assertEquals(List.of(
                new RunEvent.RunEnded("run_1", 3, scenario.nowMs(), RunOutcome.COMPLETED, 4L, true, null)),
                scenario.events());
        assertTrue(scenario.queue().run("run_1").isEmpty());
    }

    @Test
    void anEndBeforeTheStartCountsWhenTheRunIsInThatWorkersHands() {
        // When
        scenario.ends("run_1", "worker-1");

        // Then
        assertEquals(RunOutcome.COMPLETED, lastEnd().outcome());
    }

    @Test
    void aRunThatItsWorkerCallsCancelledThoughNobodyHasCancelledItHasFailed() {
        // Given
        scenario.starts("run_1", "worker-1").told();

        // When
        scenario.reports(stopped());

        // Then: a cancelled run would have no successor, and its message nobody
        assertEquals(RunOutcome.FAILED, lastEnd().outcome());
    }

    @Test
    void aRunThatItsWorkerCallsCancelledAfterItWasWithdrawnIsCancelled() {
        // Given
        scenario.starts("run_1", "worker-1").withdraws("run_1").told();

        // When
        scenario.reports(stopped());

        // Then
        assertEquals(RunOutcome.CANCELLED, lastEnd().outcome());
    }

    private static RunReport stopped() {
        return new RunReport.RunEndReported("run_1", 1, "worker-1", RunOutcome.CANCELLED, null, false, null);
    }

    @Test
    void endsFromOtherWorkersOfOtherAttemptsAndOfRunsThatAreOverChangeNothing() {
        // Given
        scenario.starts("run_1", "worker-1").told();

        // When
        scenario.ends("run_1", "worker-2")
                .reports(new RunReport.RunEndReported("run_1", 2, "worker-1", RunOutcome.FAILED, null, false, null))
                .ends("run_7", "worker-1");

        // Then
        assertEquals(List.of(), scenario.told());
        assertTrue(scenario.queue().run("run_1").isPresent());
    }

    @Test
    void heartbeatsKeepTheLease() {
        // Given
        scenario.starts("run_1", "worker-1").told();

        // When
        for (int i = 0; i < 20; i++) {
            scenario.passes(BEAT).beats("worker-1", "run_1").ticks();
        }

        // Then
        assertEquals(List.of(), scenario.told());
    }

    @Test
    void aWorkerThatIsNotHeardForTheLeaseTimeCrashesItsRunAndNotBefore() {
        // Given
        scenario.starts("run_1", "worker-1").passes(BEAT).beats("worker-1", "run_1").told();

        // When
        scenario.passes(LEASE.minusMillis(1)).ticks();
        List<RunEffect> justBefore = scenario.told();
        scenario.passes(Duration.ofMillis(1)).ticks();

        // Then
        assertEquals(List.of(), justBefore);
        assertEquals(RunOutcome.CRASHED, lastEnd().outcome());
    }

    @Test
    void aRestartOfOursGivesEveryWorkerAWholeLease() {
        // Given
        scenario.starts("run_1", "worker-1").passes(LEASE.multipliedBy(10)).restarts().told();

        // When
        scenario.passes(LEASE.minusMillis(1)).ticks();
        List<RunEffect> justBefore = scenario.told();
        scenario.passes(Duration.ofMillis(1)).ticks();

        // Then
        assertEquals(List.of(), justBefore);
        assertEquals(RunOutcome.CRASHED, lastEnd().outcome());
    }

    @Test
    void aRestartOfOursGivesEveryAssignmentItsWholeTime() {
        // Given
        scenario.passes(LEASE.multipliedBy(10)).restarts();

        // When
        scenario.ticks().starts("run_1", "worker-1");

        // Then
        assertEquals(answer("worker-1", true), scenario.told().getLast());
    }

    @Test
    void aRunThatVanishesFromALivingWorkerCrashesAtTheNextHeartbeat() {
        // Given
        scenario.starts("run_1", "worker-1").passes(BEAT).beats("worker-1", "run_1").told();

        // When
        scenario.passes(BEAT).beats("worker-1");

        // Then
        assertEquals(RunOutcome.CRASHED, lastEnd().outcome());
    }

    @Test
    void aHeartbeatThatWasUnderWayDuringTheStartSaysNothingAboutTheRun() {
        // Given
        scenario.beats("worker-1").passes(BEAT).starts("run_1", "worker-1").told();

        // When
        scenario.passes(Duration.ofMillis(1)).beats("worker-1");

        // Then
        assertEquals(List.of(), scenario.told());
    }

    @Test
    void aWorkerThatStillHasARunThatIsOverIsToldToStopItWhereItWasHeard() {
        // Given
        scenario.starts("run_1", "worker-1").passes(LEASE).ticks().told();

        // When
        scenario.reports(new RunReport.WorkerBeat(OTHER_GATEWAY, "worker-1", "v1", List.of("run_1")));

        // Then
        assertEquals(List.of(new TellGateway(OTHER_GATEWAY, new CancelRun("run_1", "worker-1"))), scenario.told());
    }

    @Test
    void aWorkerIsNotToldToStopARunThatItWasGivenAndDidNotStartYet() {
        // When
        scenario.beats("worker-1", "run_1");

        // Then
        assertEquals(List.of(), scenario.told());
    }

    @Test
    void aWithdrawnRunThatWaitsIsOverAtOnce() {
        // Given
        scenario.requests(scenario.run("run_2")).told();

        // When
        scenario.withdraws("run_2");

        // Then
        assertEquals(RunOutcome.CANCELLED, lastEnd().outcome());
        assertTrue(scenario.queue().run("run_2").isEmpty());
    }

    @Test
    void aWithdrawnRunThatWasAssignedCannotStart() {
        // Given
        scenario.withdraws("run_1").told();

        // When
        scenario.starts("run_1", "worker-1");

        // Then
        assertEquals(List.of(answer("worker-1", false)), scenario.told());
    }

    @Test
    void aWithdrawnRunThatExecutesIsCancelledAtEveryHeartbeatUntilItEnds() {
        // Given
        scenario.starts("run_1", "worker-1").told();
        TellGateway cancel = new TellGateway(QueueScenario.GATEWAY, new CancelRun("run_1", "worker-1"));

        // When
        scenario.withdraws("run_1");
        scenario.beats("worker-1", "run_1").restarts().beats("worker-1", "run_1");

        // Then
        assertEquals(List.of(cancel, cancel, cancel), scenario.told());
    }

    @Test
    void aCancelledRunWhoseWorkerIsLostCountsAsCancelled() {
        // Given
        scenario.starts("run_1", "worker-1").withdraws("run_1").told();

        // When
        scenario.passes(LEASE).ticks();

        // Then
        assertEquals(RunOutcome.CANCELLED, lastEnd().outcome());
    }

    @Test
    void withdrawingARunThatIsUnknownChangesNothing() {
        // When
        scenario.withdraws("run_9");

        // Then
        assertEquals(List.of(), scenario.told());
    }
}
