package dev.baton.run.domain;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.baton.run.domain.RunAssignment.AssignRun;
import dev.baton.run.domain.RunEffect.TellGateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A gateway that dies or is full loses no run and starves nobody (design D7). */
class GatewayLossTest {
    private static final int RUNS = 20;
    private static final Duration ANNOUNCED = Duration.ofSeconds(1);

    private final QueueScenario scenario = new QueueScenario();

    private void poll(String gatewayId, String pollId, String workerId, int slots) {
        scenario.reports(
                new RunReport.PollsOpen(gatewayId, List.of(new RunReport.Poll(pollId, workerId, "v1", slots))));
    }

    /** Runs that were given to this gateway since the last look. */
    private List<String> givenTo(String gatewayId) {
        return scenario.told().stream().filter(TellGateway.class::isInstance).map(TellGateway.class::cast)
                .filter(tell -> tell.gatewayId().equals(gatewayId)).map(TellGateway::assignment)
                .filter(AssignRun.class::isInstance).map(AssignRun.class::cast).map(AssignRun::runId).toList();
    }

    private void request() {
        IntStream.range(0, RUNS).forEach(number -> scenario.requests(scenario.run("run_" + number)));
    }

    @Test
    void whatADyingGatewayWasGivenGoesToTheOthersInItsOrder() {
        // Given
        request();
        poll("dying", "poll-1", "worker-1", RUNS);
        List<String> lost = givenTo("dying");

        // When
        for (int second = 0; second < RunLimits.DISPATCH_TIMEOUT.toSeconds(); second++) {
            poll("living", "poll-2", "worker-2", RUNS);
            scenario.passes(ANNOUNCED).ticks();
        }

        // Then
        assertEquals(RUNS, lost.size());
        assertEquals(lost, givenTo("living"));
    }

    @Test
    void thePollsOfADeadGatewayGetNothingAfterAFewSecondsWhileTheOthersAreServed() {
        // Given
        poll("dead", "poll-1", "worker-1", RUNS);
        scenario.passes(RunLimits.POLL_TTL);

        // When
        request();
        poll("living", "poll-2", "worker-2", RUNS);

        // Then
        assertEquals(RUNS, givenTo("living").size());
    }

    @Test
    void aGatewayThatIsFullAndSendsEverythingBackStarvesNobody() {
        // Given
        request();
        Set<String> served = new HashSet<>();
        int polls = 0;

        // When
        for (int round = 0; round < RUNS; round++) {
            poll("full", "poll-" + polls++, "worker-1", 3);
            for (RunEffect effect : scenario.told()) {
                if (effect instanceof TellGateway(String _, AssignRun assigned)) {
                    scenario.reports(new RunReport.AssignmentReturned(assigned.runId(), assigned.dispatch()));
                }
            }
            poll("living", "poll-" + polls++, "worker-2", 1);
            givenTo("living").forEach(runId -> {
                assertTrue(served.add(runId), runId + " was served twice");
                scenario.starts(runId, "worker-2").ends(runId, "worker-2");
            });
        }

        // Then
        assertEquals(RUNS, served.size());
        assertTrue(scenario.queue().runs().isEmpty());
    }
}
