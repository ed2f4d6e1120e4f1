package dev.baton.run.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import org.junit.jupiter.api.Test;

import dev.baton.run.domain.RunAssignment.AnswerStart;
import dev.baton.run.domain.RunAssignment.AssignRun;
import dev.baton.run.domain.RunEffect.TellGateway;
import dev.baton.run.domain.RunEffect.TellSession;
import dev.baton.wire.run.RunEvent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A queue under random traffic: reports that are late, repeated, lost or wrong, workers that die, restarts of ours at any
 * step. The seed is part of every failure message.
 */
class RandomRunsTest {
    private static final int SEEDS = 200;
    private static final int STEPS = 400;
    private static final int RUNS = 30;

    @Test
    void noRunIsExecutedTwiceNoneIsLostAndEveryMoveIsVisited() {
        // Given
        Set<RunMove> visited = EnumSet.noneOf(RunMove.class);

        // When
        for (long seed = 1; seed <= SEEDS; seed++) {
            new Traffic(seed, visited).run();
        }

        // Then
        assertEquals(EnumSet.allOf(RunMove.class), visited);
    }

    /** One seed: the outside world with its memory of what it was told. */
    private static final class Traffic {
        private final String seed;
        private final RandomGenerator random;
        private final Set<RunMove> visited;
        private final QueueScenario scenario = new QueueScenario();
        private final Set<String> requested = new HashSet<>();
        private final Set<String> ended = new HashSet<>();
        /** Runs by the worker that holds a yes to its start. */
        private final Map<String, String> executing = new HashMap<>();
        /** Everything anybody ever got, and so might talk about at any later time. */
        private final List<String[]> given = new ArrayList<>();
        private final List<RunReport> sentBefore = new ArrayList<>();
        private int polls;

        private Traffic(long seed, Set<RunMove> visited) {
            this.seed = "seed " + seed;
            this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            this.visited = visited;
        }

        private void run() {
            try {
                for (int step = 0; step < STEPS; step++) {
                    act();
                    observe();
                }
                settle();
            } catch (IllegalArgumentException e) {
                throw new AssertionError(seed, e);
            }
            visited.addAll(scenario.moves());
        }

        private void act() {
            switch (random.nextInt(13)) {
                case 0, 1 -> request();
                case 2, 3 -> {
                    polls++;
                    report(new RunReport.PollsOpen(gateway(), List.of(new RunReport.Poll("poll-" + polls, worker(),
                            "v" + random.nextInt(3), 1 + random.nextInt(3)))));
                }
                case 4, 5 -> start();
                case 6 -> end();
                case 7 -> beat();
                case 8 -> scenario.passes(Duration.ofMillis(random.nextInt(1_500))).ticks();
                case 9 -> repeat();
                case 10 -> withdrawOrReturn();
                case 11 -> {
                    if (random.nextInt(10) == 0) {
                        scenario.restarts();
                    }
                }
                case 12 -> {
                    scenario.promotes("v" + random.nextInt(3));
                    scenario.registers(worker(), "v" + random.nextInt(3), 1 + random.nextInt(4),
                            random.nextBoolean() ? Map.of("echo", 1 + random.nextInt(5)) : null, random.nextBoolean());
                }
                default -> throw new IllegalStateException("no such action");
            }
        }

        private void request() {
            String runId = "run_" + random.nextInt(RUNS);
            // The session topology names each run once.
            if (requested.add(runId)) {
                scenario.requests(switch (random.nextInt(6)) {
                    case 0 -> scenario.pinned(runId, "v1", null);
                    case 1 -> scenario.configured(runId, QueueScenario.ttl("20"));
                    case 2 -> scenario.configured(runId, QueueScenario.maxDuration(2));
                    default -> scenario.run(runId);
                });
            }
        }

        private void start() {
            if (!given.isEmpty()) {
                String[] one = anyGiven();
                report(new RunReport.RunStartReported(gateway(), one[0], 1, one[1], 5));
            }
        }

        private void end() {
            if (!given.isEmpty()) {
                String[] one = anyGiven();
                scenario.ends(one[0], one[1]);
            }
        }

        private void beat() {
            String worker = worker();
            List<String> runs = given.stream().filter(each -> each[1].equals(worker)).map(each -> each[0])
                    .filter(_ -> random.nextInt(10) > 0).distinct().toList();
            List<String> waiting = runs.stream().filter(_ -> random.nextInt(3) == 0).toList();
            report(new RunReport.WorkerBeat(gateway(), worker, "v1", runs, waiting));
        }

        private void repeat() {
            if (!sentBefore.isEmpty()) {
                scenario.reports(sentBefore.get(random.nextInt(sentBefore.size())));
            }
        }

        private void withdrawOrReturn() {
            String runId = "run_" + random.nextInt(RUNS);
            if (random.nextBoolean()) {
                report(new RunReport.AssignmentReturned(runId, 1 + random.nextInt(3)));
            } else if (random.nextInt(3) == 0) {
                scenario.withdraws(runId);
            }
        }

        private void report(RunReport report) {
            sentBefore.add(report);
            scenario.reports(report);
        }

        /** Checks what came of one step. */
        private void observe() {
            Map<String, RunState> after = scenario.states();
            for (RunEffect effect : scenario.told()) {
                switch (effect) {
                    case TellSession tell -> hear(tell.event());
                    case TellGateway tell -> hear(tell.assignment(), after);
                }
            }
            for (String runId : requested) {
                assertTrue(after.containsKey(runId) != ended.contains(runId), () -> seed + ": " + runId
                        + " must either be in the queue or have ended");
            }
            after.values().forEach(run -> assertEquals(run, QueueScenario.stored(run, RunState.class), seed));
        }

        private void hear(RunEvent event) {
            switch (event) {
                case RunEvent.RunStarted started -> assertTrue(
                        executing.put(started.runId(), started.workerId()) == null,
                        () -> seed + ": " + started.runId() + " was started twice");
                case RunEvent.RunEnded over -> {
                    executing.remove(over.runId());
                    assertTrue(ended.add(over.runId()), () -> seed + ": " + over.runId() + " ended twice");
                }
            }
        }

        private void hear(RunAssignment assignment, Map<String, RunState> after) {
            switch (assignment) {
                case AssignRun assign -> {
                    assertTrue(!executing.containsKey(assign.runId()),
                            () -> seed + ": " + assign.runId() + " was assigned while it executes");
                    assertTrue(after.get(assign.runId()) instanceof RunState.Dispatched);
                    given.add(new String[]{assign.runId(),
                            ((RunState.Dispatched) after.get(assign.runId())).workerId()});
                }
                case AnswerStart answer -> assertEquals(answer.workerId().equals(executing.get(answer.runId())),
                        answer.accepted(), () -> seed + ": only the worker that executes " + answer.runId()
                                + " may get a yes");
                case RunAssignment.CancelRun _,RunAssignment.DrainWorker _ -> {
                }
            }
        }

        /** With honest workers and time, everything ends. */
        private void settle() {
            scenario.promotes("v1").registers("last-worker", "v1", RUNS, Map.of(), true);
            observe();
            for (int round = 0; round < 4 * RUNS && !scenario.states().isEmpty(); round++) {
                scenario.passes(RunLimits.DISPATCH_TIMEOUT).ticks();
                scenario.polls("last-" + round, "last-worker", "v1", RUNS);
                observe();
                for (RunState run : scenario.states().values()) {
                    if (run instanceof RunState.Held holding) {
                        scenario.starts(run.runId(), holding.workerId()).ends(run.runId(), holding.workerId());
                    }
                }
                observe();
            }
            assertEquals(requested, ended, () -> seed + ": every run that was requested must end");
            scenario.passes(QueueScenario.LIMITS.leaseTtl().multipliedBy(2)).ticks();
            assertEquals(List.of(), List.copyOf(scenario.queue().polls()), seed);
            assertEquals(List.of(), List.copyOf(scenario.queue().pulses()), seed);
        }

        private String[] anyGiven() {
            // Mostly what was given lately, sometimes something old.
            int from = random.nextInt(4) == 0 ? 0 : Math.max(0, given.size() - 5);
            return given.get(from + random.nextInt(given.size() - from));
        }

        private String worker() {
            return "worker-" + random.nextInt(4);
        }

        private String gateway() {
            return "gateway-" + random.nextInt(2);
        }
    }
}
