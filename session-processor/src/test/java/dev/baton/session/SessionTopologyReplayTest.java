package dev.baton.session;

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

import dev.baton.session.domain.Ownership;
import dev.baton.session.domain.SealedType;
import dev.baton.session.domain.SessionState;
import dev.baton.session.store.PartClaims;
import dev.baton.session.store.SideChannels;
import dev.baton.session.store.WaitStore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A session topology that is restarted after every step is the one that never was: what it stores is all that it needs to
 * know. A failure names its seed; see CONTRIBUTING for how to repeat it.
 */
class SessionTopologyReplayTest {
    private static final String SEED = "baton.replay.seed";
    private static final int SEEDS = Integer.getInteger("baton.replay.seeds", Long.getLong(SEED) == null ? 2 : 1);
    private static final long FIRST_SEED = Long.getLong(SEED, 1);
    /** Steps before the first restart, so that there is something to remember. */
    private static final int STEPS_BEFORE = 60;
    private static final int STEPS = 30;
    private static final int STEPS_OF_A_LIFE = 150;
    private static final Set<String> STORES = Set.of(SessionTopology.SESSIONS_STORE, PartClaims.STORE, WaitStore.STORE,
            SideChannels.STORE);
    private static final int LAST_ACTS = 12;

    @TempDir
    Path home;
    private final Deque<String> story = new ArrayDeque<>();

    @Test
    @DisplayName("issue 4: replay equality of sessions, their waits, claims and side channels")
    void aTopologyThatIsRestartedAfterEveryStepIsTheOneThatNeverWas() throws Exception {
        // Given
        Set<String> seen = new TreeSet<>();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            try (SessionTopologies topologies = topologies(seed)) {
                SessionOutsideWorld world = new SessionOutsideWorld(seed, topologies);
                for (int step = 0; step < STEPS_BEFORE; step++) {
                    note("before " + step + " " + world.acts());
                }
                for (int step = 0; step < STEPS; step++) {
                    // When
                    topologies.restart();
                    note(step + " " + world.acts());

                    // Then
                    topologies.comparedStores().forEach((store, entries) -> see(store, entries, seen));
                }
            }
        }
        Set<String> all = new TreeSet<>(STORES);
        all.addAll(SealedType.casesOf(SessionState.Known.class));
        all.addAll(SealedType.casesOf(Ownership.class));
        // Passed through while a session is created, never stored.
        all.remove("Unowned");
        assertTrue(SEEDS == 1 || seen.equals(all), "expected " + all + " at some restart, but there were only " + seen);
    }

    /** Notes the stores that are in use and the states that are in them. */
    private static void see(String store, Map<String, Object> entries, Set<String> seen) {
        for (Object entry : entries.values()) {
            seen.add(store);
            if (entry instanceof SessionState.Known session) {
                seen.add(session.getClass().getSimpleName());
                seen.add(session.facts().ownership().getClass().getSimpleName());
            }
        }
    }

    @Test
    @DisplayName("issue 4: a finished session leaves nothing behind but its row and one number for each side channel")
    void aFinishedSessionLeavesNothingBehind() throws Exception {
        try (SessionTopologies topologies = topologies(FIRST_SEED)) {
            // Given
            SessionOutsideWorld world = new SessionOutsideWorld(FIRST_SEED, topologies);
            for (int step = 0; step < STEPS_OF_A_LIFE; step++) {
                note(step + " " + world.acts());
            }
            world.finishesEverything();

            // When
            world.anotherSessionGoesOn();

            // Then
            topologies.comparedStores();
            Map<String, Map<String, Object>> left = topologies.storesOnDisk();
            assertEquals(documentedStores(), left.keySet(),
                    "docs/TOPICS.md must say how long a store keeps what it holds");
            assertEquals(Map.of(), left.get(WaitStore.STORE), story.toString());
            assertEquals(world.sideSeqs(), left.get(SideChannels.STORE), story.toString());
            assertEquals(1, left.get(PartClaims.STORE).size(), left.get(PartClaims.STORE).toString());
            left.get(SessionTopology.SESSIONS_STORE).forEach(this::isOver);
        }
    }

    private void isOver(String key, Object state) {
        SessionState.Known session = assertInstanceOf(SessionState.Known.class, state);
        if (!key.equals(SessionOutsideWorld.ANOTHER.toString())) {
            assertInstanceOf(Ownership.Vacant.class, session.facts().ownership(), key + ", " + story);
        }
    }

    private SessionTopologies topologies(long seed) throws IOException {
        story.clear();
        story.add("seed " + seed);
        return new SessionTopologies(Files.createTempDirectory(home, "topologies"), story::toString);
    }

    private static Set<String> documentedStores() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("..", "docs", "TOPICS.md"))) {
            return lines.map(line -> line.split("`?\\s*\\|\\s*`?")).filter(cells -> cells.length == 5
                    && cells[2].equals("session-processor")).map(cells -> cells[1]).collect(Collectors.toSet());
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
