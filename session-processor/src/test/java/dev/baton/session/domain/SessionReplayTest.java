package dev.baton.session.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import dev.baton.session.store.StateBytes;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.SessionRunRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What must hold in every life of a session, tried on many random ones. A failure names the seed. */
class SessionReplayTest {
    private static final int LIVES = 300;
    private static final int STEPS = 120;

    @Test
    void theFoldOfAllEventsIsTheStoredStateAtEveryStep() {
        for (long seed = 0; seed < LIVES; seed++) {
            // Given
            SessionWalk walk = new SessionWalk(seed);
            List<SessionEvent> history = new ArrayList<>();

            for (int i = 0; i < STEPS; i++) {
                // When
                SessionWalk.Step step = walk.next();
                history.addAll(step.decision().events());

                // Then
                String where = "seed " + seed + ", step " + i;
                assertEquals(step.after(), SessionEvolver.evolve(SessionState.ABSENT, history), where);
                if (step.after() instanceof SessionState.Existing existing) {
                    assertEquals(existing, StateBytes.roundTrip(existing), where);
                }
            }
        }
    }

    @Test
    void seqsAndGenerationsAreDenseAndRowVersionsRise() {
        for (long seed = 0; seed < LIVES; seed++) {
            SessionWalk walk = new SessionWalk(seed);
            List<Long> seqs = new ArrayList<>();
            List<Long> generations = new ArrayList<>();
            List<Long> versions = new ArrayList<>();

            for (int i = 0; i < STEPS; i++) {
                Decision decision = walk.next().decision();
                Sessions.effects(decision, SessionEffect.WriteIn.class).forEach(write -> seqs.add(write.seq()));
                Sessions.effects(decision, SessionEffect.RequestRun.class)
                        .forEach(request -> generations.add(request.request().generation()));
                Sessions.effects(decision, SessionEffect.PublishRow.class)
                        .forEach(publish -> versions.add(publish.row().rowVersion()));
            }

            assertEquals(from(0, seqs.size()), seqs, "seed " + seed);
            assertEquals(from(1, generations.size()), generations, "seed " + seed);
            assertEquals(versions.stream().distinct().sorted().toList(), versions, "seed " + seed);
        }
    }

    @Test
    void noAcceptedMessageIsEverWithoutARunThatIsBoundToAnswerIt() {
        for (long seed = 0; seed < LIVES; seed++) {
            SessionWalk walk = new SessionWalk(seed);
            for (int i = 0; i < STEPS; i++) {
                SessionWalk.Step step = walk.next();
                if (step.after() instanceof SessionState.Open open && open.facts().unsettled()
                        && !open.facts().profile().expiredAt(step.at()) && !cancelled(open)) {
                    assertInstanceOf(Ownership.Alive.class, open.facts().ownership(), "seed " + seed + ", step " + i);
                }
            }
        }
    }

    @Test
    void everyRunThatWasOvertakenHasAnEndOnItsProvenanceRow() {
        for (long seed = 0; seed < LIVES; seed++) {
            SessionWalk walk = new SessionWalk(seed);
            for (int i = 0; i < STEPS; i++) {
                SessionRunRow previous = walk.next().after() instanceof SessionState.Existing existing
                        ? existing.facts().previousRun()
                        : null;
                assertTrue(previous == null || previous.endedAt() != null && previous.outcome() != null,
                        "seed " + seed + ", step " + i);
            }
        }
    }

    private static boolean cancelled(SessionState.Open open) {
        return open.lastRun().filter(run -> run.outcome() == RunOutcome.CANCELLED).isPresent();
    }

    private static List<Long> from(long first, int count) {
        return LongStream.range(first, first + count).boxed().toList();
    }
}
