package dev.baton.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.baton.run.domain.RunState;
import dev.baton.run.domain.SealedType;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A run topology that is restarted after every step is the one that never was: what it stores is all that it needs to know.
 * A failure names its seed; see CONTRIBUTING for how to repeat it.
 */
class RunTopologyReplayTest {
    private static final String SEED = "baton.replay.seed";
    private static final int SEEDS = Integer.getInteger("baton.replay.seeds", Long.getLong(SEED) == null ? 3 : 1);
    private static final long FIRST_SEED = Long.getLong(SEED, 1);
    private static final int STEPS = 40;
    private static final int STEPS_OF_A_LIFE = 100;
    private static final int LAST_ACTS = 12;

    @TempDir
    Path home;
    private final Deque<String> story = new ArrayDeque<>();

    @Test
    @DisplayName("issue 4: replay equality of runs; whatever a worker, a gateway or a session may say comes between restarts")
    void aTopologyThatIsRestartedAfterEveryStepIsTheOneThatNeverWas() throws Exception {
        // Given
        Set<String> statesAtRestarts = new TreeSet<>();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            try (RunTopologies topologies = topologies(seed)) {
                RunOutsideWorld world = new RunOutsideWorld(seed, topologies);
                for (int step = 0; step < STEPS; step++) {
                    // When
                    topologies.restart();
                    world.repeatsItself();
                    note(step + " " + world.acts());

                    // Then
                    topologies.comparedStores().get(RunTopology.RUNS_STORE).values()
                            .forEach(run -> statesAtRestarts.add(run.getClass().getSimpleName()));
                }
            }
        }
        assertTrue(SEEDS == 1 || statesAtRestarts.equals(SealedType.casesOf(RunState.class)),
                "expected every state at some restart, but there were only " + statesAtRestarts);
    }

    @Test
    @DisplayName("issue 4: a finished session leaves nothing behind in any store of the run topology")
    void runsThatAreOverLeaveNothingBehind() throws Exception {
        try (RunTopologies topologies = topologies(FIRST_SEED)) {
            // Given
            RunOutsideWorld world = new RunOutsideWorld(FIRST_SEED, topologies);
            for (int step = 0; step < STEPS_OF_A_LIFE; step++) {
                note(step + " " + world.acts());
            }

            // When
            world.endsEverything();

            // Then
            Map<String, Map<String, Object>> left = topologies.comparedStores();
            assertEquals(documentedStores(), left.keySet(),
                    "docs/TOPICS.md must say how long a store keeps what it holds");
            assertEquals(Map.of(), left.get(RunTopology.RUNS_STORE), story.toString());
            assertEquals(Set.of(RunOutsideWorld.QUEUE), left.get(RunTopology.VERSIONS_STORE).keySet(),
                    story.toString());
        }
    }

    private RunTopologies topologies(long seed) throws IOException {
        story.clear();
        story.add("seed " + seed);
        return new RunTopologies(Files.createTempDirectory(home, "topologies"), story::toString);
    }

    private static Set<String> documentedStores() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("..", "docs", "TOPICS.md"))) {
            return lines.map(line -> line.split("`?\\s*\\|\\s*`?")).filter(cells -> cells.length == 5
                    && cells[2].equals("run-orchestrator")).map(cells -> cells[1]).collect(Collectors.toSet());
        }
    }

    /** Keeps the seed and what was done last. */
    private void note(String act) {
        story.add(act);
        if (story.size() > LAST_ACTS) {
            String seed = story.removeFirst();
            story.removeFirst();
            story.addFirst(seed);
        }
    }
}
