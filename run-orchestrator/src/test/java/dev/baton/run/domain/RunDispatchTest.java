package dev.baton.run.domain;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.baton.run.domain.RunAssignment.AssignRun;
import dev.baton.run.domain.RunState.Dispatched;
import dev.baton.run.domain.RunState.Queued;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Which run goes to which poll, and when (design D7, D8). */
class RunDispatchTest {
    private final QueueScenario scenario = new QueueScenario();

    @Test
    void aWaitingPollGetsANewRunAtOnce() {
        // Given
        scenario.polls("poll-1", "worker-1", 1);

        // When
        scenario.requests(scenario.run("run_1"));

        // Then
        assertEquals(List.of(new AssignRun("poll-1", 1, 1, 1, scenario.run("run_1"))), scenario.assigned());
    }

    @Test
    void runsThatWaitGoInTheirOrderToTheFirstPollUpToItsSlots() {
        // Given
        scenario.requests(scenario.run("run_1")).requests(scenario.run("run_2")).requests(scenario.run("run_3"));

        // When
        scenario.polls("poll-1", "worker-1", 2);

        // Then
        List<AssignRun> assigned = scenario.assigned();
        assertEquals(List.of("run_1", "run_2"), assigned.stream().map(AssignRun::runId).toList());
        assertTrue(assigned.stream().allMatch(each -> each.batch() == 2));
        assertInstanceOf(Queued.class, scenario.queue().run("run_3").orElseThrow());
    }

    @Test
    void theOldestOfTwoPollsIsServedFirst() {
        // Given
        scenario.polls("poll-1", "worker-1", 1).polls("poll-2", "worker-2", 1).polls("poll-1", "worker-1", 1);

        // When
        scenario.requests(scenario.run("run_1")).requests(scenario.run("run_2"));

        // Then
        assertEquals(List.of("poll-1", "poll-2"), scenario.assigned().stream().map(AssignRun::pollId).toList());
    }

    @Test
    void aPollThatWasAnsweredGetsNothingMoreEvenWhenAnAnnouncementOfItComesLate() {
        // Given
        scenario.polls("poll-1", "worker-1", 2).requests(scenario.run("run_1")).told();

        // When
        scenario.polls("poll-1", "worker-1", 2).requests(scenario.run("run_2"));

        // Then
        assertEquals(List.of(), scenario.assigned());
    }

    @Test
    void aPollThatEndedGetsNothing() {
        // Given
        scenario.polls("poll-1", "worker-1", 1)
                .reports(new RunReport.PollEnded(QueueScenario.GATEWAY, "poll-1"));

        // When
        scenario.requests(scenario.run("run_1"));

        // Then
        assertEquals(List.of(), scenario.assigned());
    }

    @Test
    void aPollThatItsGatewayNoLongerAnnouncesGetsNothing() {
        // Given
        scenario.polls("poll-1", "worker-1", 1).passes(RunLimits.POLL_TTL);

        // When
        scenario.requests(scenario.run("run_1"));

        // Then
        assertEquals(List.of(), scenario.assigned());
    }

    @Test
    void aBackedOffRunWaitsForItsTimeAndLetsOthersPass() {
        // Given
        scenario.requests(scenario.backedOff("run_1", Duration.ofSeconds(2))).requests(scenario.run("run_2"))
                .polls("poll-1", "worker-1", 1);
        List<AssignRun> before = scenario.assigned();

        // When
        scenario.passes(Duration.ofSeconds(2)).polls("poll-2", "worker-1", 1);

        // Then
        assertEquals(List.of("run_2"), before.stream().map(AssignRun::runId).toList());
        assertEquals(List.of("run_1"), scenario.assigned().stream().map(AssignRun::runId).toList());
    }

    @Test
    void aTickAssignsABackedOffRunToAPollThatAlreadyWaits() {
        // Given
        scenario.requests(scenario.backedOff("run_1", Duration.ofSeconds(1))).polls("poll-1", "worker-1", 1);

        // When
        scenario.passes(Duration.ofSeconds(1)).ticks();

        // Then
        assertEquals(1, scenario.assigned().size());
    }

    @Test
    void aRunLockedToAVersionGoesToThatVersionOnlyAndTheLockBeatsARequestedVersion() {
        // Given
        scenario.polls("poll-1", "worker-1", "v1", 1).polls("poll-2", "worker-2", "v2", 1);

        // When
        scenario.requests(scenario.pinned("run_1", "v1", "v2")).requests(scenario.pinned("run_2", "v1", null))
                .requests(scenario.pinned("run_3", null, "v2"));

        // Then
        List<AssignRun> assigned = scenario.assigned();
        assertEquals(List.of("run_1", "run_3"), assigned.stream().map(AssignRun::runId).toList());
        assertEquals(List.of("poll-1", "poll-2"), assigned.stream().map(AssignRun::pollId).toList());
    }

    @Test
    void anUnlockedRunGoesToTheCurrentVersionOnlyAndThatIsTheOneThatCameLast() {
        // Given
        scenario.polls("poll-1", "worker-1", "v1", 1).polls("poll-2", "worker-2", "v2", 1);

        // When
        scenario.requests(scenario.run("run_1")).requests(scenario.run("run_2"));

        // Then
        assertEquals(List.of("poll-2"), scenario.assigned().stream().map(AssignRun::pollId).toList());
    }

    @Test
    void theCurrentVersionSurvivesARestart() {
        // Given
        scenario.polls("poll-1", "worker-1", "v1", 1).polls("poll-2", "worker-2", "v2", 1).restarts();

        // When
        scenario.polls("poll-2", "worker-2", "v2", 1).polls("poll-1", "worker-1", "v1", 1)
                .requests(scenario.run("run_1"));

        // Then
        assertEquals(List.of("poll-2"), scenario.assigned().stream().map(AssignRun::pollId).toList());
    }

    @Test
    void aReturnedRunIsFirstAgain() {
        // Given
        scenario.requests(scenario.run("run_1")).requests(scenario.run("run_2")).polls("poll-1", "worker-1", 1).told();

        // When
        scenario.reports(new RunReport.AssignmentReturned("run_1", 1)).polls("poll-2", "worker-2", 1);

        // Then
        List<AssignRun> assigned = scenario.assigned();
        assertEquals(List.of("run_1"), assigned.stream().map(AssignRun::runId).toList());
        assertEquals(2, assigned.getFirst().dispatch());
    }

    @Test
    void aLateReturnOfAnEarlierAssignmentIsIgnored() {
        // Given
        scenario.requests(scenario.run("run_1")).polls("poll-1", "worker-1", 1)
                .reports(new RunReport.AssignmentReturned("run_1", 1)).polls("poll-2", "worker-2", 1);

        // When
        scenario.reports(new RunReport.AssignmentReturned("run_1", 1));

        // Then
        assertInstanceOf(Dispatched.class, scenario.queue().run("run_1").orElseThrow());
    }

    @Test
    void anAssignmentThatIsNotStartedInTimeIsQueuedAgainAndNotBefore() {
        // Given
        scenario.requests(scenario.run("run_1")).polls("poll-1", "worker-1", 1);

        // When
        scenario.passes(RunLimits.DISPATCH_TIMEOUT.minusMillis(1)).ticks();
        RunState justBefore = scenario.queue().run("run_1").orElseThrow();
        scenario.passes(Duration.ofMillis(1)).ticks();

        // Then
        assertInstanceOf(Dispatched.class, justBefore);
        assertEquals(1, assertInstanceOf(Queued.class, scenario.queue().run("run_1").orElseThrow()).attempt());
    }

    @Test
    void aWorkerThatIsSlowToStartKeepsTheRunAsLongAsItsHeartbeatsShowIt() {
        // Given
        scenario.requests(scenario.run("run_1")).polls("poll-1", "worker-1", 1);

        // When
        for (int i = 0; i < 10; i++) {
            scenario.passes(Duration.ofSeconds(2)).beats("worker-1", "run_1").ticks();
        }
        RunState whileShown = scenario.queue().run("run_1").orElseThrow();
        for (int i = 0; i < 3; i++) {
            scenario.passes(Duration.ofSeconds(2)).beats("worker-1").ticks();
        }

        // Then
        assertInstanceOf(Dispatched.class, whileShown);
        assertInstanceOf(Queued.class, scenario.queue().run("run_1").orElseThrow());
    }

    @Test
    void aRequestThatComesTwiceIsOneRun() {
        // Given
        scenario.requests(scenario.run("run_1"));

        // When
        scenario.requests(scenario.run("run_1")).polls("poll-1", "worker-1", 5);

        // Then
        assertEquals(1, scenario.assigned().size());
    }
}
