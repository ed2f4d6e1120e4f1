package dev.baton.session.domain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

/** The lists of moves in the javadoc of the two state machines are true and complete. */
class MoveListTest {
    private static final Pattern MOVE = Pattern.compile("\\s*\\* (\\w+) -> (\\w+) : ([\\w ]+)");
    private static final int LIVES = 400;
    private static final int STEPS = 120;

    @Test
    void theMovesOfASessionAreThoseOfItsList() throws IOException {
        // Given
        Set<String> seen = new TreeSet<>();

        // When
        for (Passage passage : passages()) {
            seen.add(move(passage.before(), passage.after(), passage.event()));
        }

        // Then
        assertEquals(listed("SessionState"), seen);
    }

    @Test
    void theMovesOfOwnershipAreThoseOfItsList() throws IOException {
        // Given
        Set<String> seen = new TreeSet<>();

        // When
        for (Passage passage : passages()) {
            if (isAboutOwnership(passage.event())) {
                seen.add(move(Sessions.facts(passage.before()).ownership(), Sessions.facts(passage.after()).ownership(),
                        passage.event()));
            }
        }

        // Then
        assertEquals(listed("Ownership"), seen);
    }

    @Test
    void anEventThatIsNotOnTheListLeavesTheStateAsItIs() throws IOException {
        // Given
        Set<String> listed = listed("SessionState");
        List<SessionState> states = List.of(SessionState.ABSENT, Sessions.requested(), Sessions.idle(),
                Sessions.closed(), Sessions.deleted());
        List<SessionEvent> events = passages().stream().map(Passage::event).limit(2_000).toList();

        for (SessionState state : states) {
            for (SessionEvent event : events) {
                // When
                SessionState after = SessionEvolver.evolve(state, event);

                // Then
                if (!listed.contains(move(state, after, event))) {
                    assertSame(state, after, move(state, after, event));
                }
            }
        }
    }

    private record Passage(SessionState before, SessionEvent event, SessionState after) {}

    private static List<Passage> passages() {
        List<Passage> passages = new ArrayList<>();
        for (long seed = 0; seed < LIVES; seed++) {
            SessionWalk walk = new SessionWalk(seed);
            for (int i = 0; i < STEPS; i++) {
                SessionWalk.Step step = walk.next();
                SessionState state = step.before();
                for (SessionEvent event : step.decision().events()) {
                    SessionState after = SessionEvolver.evolve(state, event);
                    passages.add(new Passage(state, event, after));
                    state = after;
                }
            }
        }
        return passages;
    }

    private static boolean isAboutOwnership(SessionEvent event) {
        return event instanceof SessionEvent.RunHandedOver || event instanceof SessionEvent.RunStarted
                || event instanceof SessionEvent.RunEnded;
    }

    private static String move(Object before, Object after, SessionEvent event) {
        return before.getClass().getSimpleName() + " -> " + after.getClass().getSimpleName() + " : "
                + event.getClass().getSimpleName();
    }

    private static Set<String> listed(String type) throws IOException {
        Set<String> moves = new TreeSet<>();
        Path source = Path.of("src/main/java/dev/baton/session/domain", type + ".java");
        for (String line : Files.readAllLines(source)) {
            var move = MOVE.matcher(line);
            if (move.matches()) {
                for (String event : move.group(3).strip().split(" ")) {
                    moves.add(move.group(1) + " -> " + move.group(2) + " : " + event);
                }
            }
        }
        return moves;
    }
}
