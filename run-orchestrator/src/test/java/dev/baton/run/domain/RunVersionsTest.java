package dev.baton.run.domain;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.baton.run.domain.RunAssignment.AssignRun;
import dev.baton.run.domain.RunAssignment.DrainWorker;
import dev.baton.run.domain.RunEffect.TellGateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Which version is current, what old ones still do, and the limits that the current one brings (design D8). */
class RunVersionsTest {
    private final QueueScenario scenario = new QueueScenario();

    private List<String> assigned() {
        List<String> runs = scenario.assigned().stream().map(AssignRun::runId).toList();
        scenario.told();
        return runs;
    }

    private QueueScenario beats(String workerId, String version) {
        return scenario.reports(new RunReport.WorkerBeat(QueueScenario.GATEWAY, workerId, version, List.of()));
    }

    @Test
    void aNewVersionIsCurrentFromItsRegistrationOnAndTheOldOneGetsOnlyWhatIsLockedToIt() {
        // Given
        scenario.registers("worker-1", "v1", 9, null, true).polls("poll-1", "worker-1", "v1", 9);

        // When
        scenario.registers("worker-2", "v2", 9, null, true).requests(scenario.run("run_1"))
                .requests(scenario.pinned("run_2", "v1", null));

        // Then
        assertEquals(List.of("run_2"), assigned());
    }

    @Test
    void aVersionThatRegistersWithoutPromotionGetsNothingUntilItIsPromoted() {
        // Given
        scenario.registers("worker-1", "v1", 9, null, true).registers("worker-2", "v2", 9, null, false)
                .polls("poll-2", "worker-2", "v2", 9).requests(scenario.run("run_1"));
        List<String> before = assigned();

        // When
        scenario.promotes("v2");

        // Then
        assertEquals(List.of(), before);
        assertEquals(List.of("run_1"), assigned());
    }

    @Test
    void anOperatorCanGoBackToAnOlderVersionAndItsWorkersStartingAgainDoNotUndoThat() {
        // Given
        scenario.registers("worker-1", "v1", 9, null, true).registers("worker-2", "v2", 9, null, true).promotes("v1");

        // When
        scenario.registers("worker-3", "v2", 9, null, true).polls("poll-2", "worker-3", "v2", 9)
                .requests(scenario.run("run_1")).polls("poll-1", "worker-1", "v1", 9);

        // Then
        assertEquals(List.of("poll-1"), scenario.assigned().stream().map(AssignRun::pollId).toList());
    }

    @Test
    void aWorkerOfAnOldVersionIsToldToDrainAtEveryHeartbeatUntilItIsCurrentAgain() {
        // Given
        scenario.registers("worker-1", "v1", 9, null, true);
        beats("worker-1", "v1");
        List<RunEffect> whileCurrent = scenario.told();
        scenario.registers("worker-2", "v2", 9, null, true);
        beats("worker-1", "v1");
        beats("worker-2", "v2");
        List<RunEffect> whileOld = scenario.told();

        // When
        scenario.promotes("v1");
        beats("worker-1", "v1");

        // Then
        assertEquals(List.of(), whileCurrent);
        assertEquals(List.of(new TellGateway(QueueScenario.GATEWAY, new DrainWorker("worker-1"))), whileOld);
        assertEquals(List.of(), scenario.told());
    }

    @Test
    void aWorkerNeverHoldsMoreThanTheCapacityItRegistered() {
        // Given
        scenario.registers("worker-1", "v1", 2, null, true).requests(scenario.run("run_1"))
                .requests(scenario.run("run_2")).requests(scenario.run("run_3")).polls("poll-1", "worker-1", 1);

        // When
        scenario.polls("poll-2", "worker-1", 9).polls("poll-3", "worker-1", 9);

        // Then
        assertEquals(List.of("run_1", "run_2"), assigned());
    }

    @Test
    void aNamedLimitHoldsForTheQueueAndEveryConcurrencyNameAndLetsOthersPass() {
        // Given
        scenario.registers("worker-1", "v1", 99, Map.of("slow", 1, "gpu", 1), true);

        // When
        scenario.requests(scenario.configured("run_1", QueueScenario.config("slow", null, null)))
                .requests(scenario.configured("run_2", QueueScenario.config("slow", null, null)))
                .requests(scenario.configured("run_3", QueueScenario.config(null, List.of("gpu"), null)))
                .requests(scenario.configured("run_4", QueueScenario.config("free", List.of("gpu"), null)))
                .requests(scenario.run("run_5")).polls("poll-1", "worker-1", 99);

        // Then
        assertEquals(List.of("run_1", "run_3", "run_5"), assigned());
    }

    @Test
    void aRunWithoutAQueueIsCountedUnderItsTask() {
        // Given
        scenario.registers("worker-1", "v1", 99, Map.of("echo", 1), true);

        // When
        scenario.requests(scenario.run("run_1")).requests(scenario.run("run_2")).polls("poll-1", "worker-1", 99);

        // Then
        assertEquals(List.of("run_1"), assigned());
    }

    @Test
    void everyConcurrencyKeyHasALimitForItself() {
        // Given
        scenario.registers("worker-1", "v1", 99, Map.of("echo", 1), true);

        // When
        for (String[] run : new String[][]{{"run_1", "a"}, {"run_2", "a"}, {"run_3", "b"}}) {
            scenario.requests(scenario.configured(run[0], QueueScenario.config(null, null, run[1])));
        }
        scenario.polls("poll-1", "worker-1", 99);

        // Then
        assertEquals(List.of("run_1", "run_3"), assigned());
    }

    @Test
    void aRunThatEndsOrWaitsGivesItsPlaceToTheNextOneAndTheLimitSurvivesARestart() {
        // Given
        scenario.registers("worker-1", "v1", 99, Map.of("echo", 1), true).requests(scenario.run("run_1"))
                .requests(scenario.run("run_2")).requests(scenario.run("run_3")).polls("poll-1", "worker-1", 1)
                .starts("run_1", "worker-1").restarts().told();
        scenario.polls("poll-2", "worker-1", 9);
        List<String> whileItExecutes = assigned();

        // When
        scenario.beatsWaiting("worker-1", "run_1");
        List<String> whenItWaits = assigned();
        scenario.starts("run_2", "worker-1").ends("run_2", "worker-1").polls("poll-3", "worker-1", 9);

        // Then
        assertEquals(List.of(), whileItExecutes);
        assertEquals(List.of("run_2"), whenItWaits);
        assertEquals(List.of("run_3"), assigned());
    }

    @Test
    void limitsOfAnOldVersionThatStartsAgainChangeNothing() {
        // Given
        scenario.registers("worker-1", "v1", 9, Map.of("echo", 5), true).registers("worker-2", "v2", 9, null, true)
                .registers("worker-3", "v2", 9, Map.of("echo", 7), true);

        // When
        scenario.registers("worker-4", "v1", 9, Map.of("echo", 1), true);

        // Then
        assertEquals(Map.of("echo", 7), scenario.queue().versions().limits());
    }
}
