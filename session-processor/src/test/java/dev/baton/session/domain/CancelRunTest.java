package dev.baton.session.domain;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.baton.wire.run.RunRequest;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.TriggerConfig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

/** Cancelling a run from outside, in every state, and what maxAttempts means (design D4; decisions 0013, 0014). */
class CancelRunTest {
    private static final SessionCommand.CancelRun CANCEL = new SessionCommand.CancelRun(Sessions.runId(1));

    @Test
    void aRunThatExecutesOrWasRequestedIsOverForItsSessionAtOnceAndTheOrchestratorTakesItBack() {
        for (SessionState state : List.of(Sessions.live(), Sessions.requested(), Sessions.after(Sessions.live(),
                new SessionCommand.CloseSession("done", null)))) {
            // When
            Decision decision = Sessions.decide(state, CANCEL);

            // Then
            var provenance = Sessions.only(decision, SessionEffect.PublishProvenance.class).row();
            assertEquals(RunOutcome.CANCELLED, provenance.outcome());
            assertEquals(new RunRequest.WithdrawRun(Sessions.runId(1), Sessions.KEY, Sessions.NOW),
                    Sessions.only(decision, SessionEffect.WithdrawRun.class).request());
            var reply = (SessionReply.SessionAnswered) Sessions.only(decision, SessionEffect.Reply.class).reply();
            assertFalse(reply.row().runLive());
        }
    }

    @Test
    void aMessageThatWaitedGetsNoSuccessorAndTheNextOneGetsARunThatSeesBoth() {
        // Given
        SessionState waiting = Sessions.after(Sessions.live(), Sessions.append(null));

        // When
        Decision cancelled = Sessions.decide(waiting, CANCEL);
        SessionState after = SessionEvolver.evolve(waiting, cancelled.events());
        Decision appended = Sessions.decide(after, Sessions.append(null));

        // Then
        assertEquals(List.of(), Sessions.effects(cancelled, SessionEffect.RequestRun.class));
        assertEquals(2, Sessions.only(appended, SessionEffect.RequestRun.class).request().generation());
    }

    @Test
    void theLaterWordsOfACancelledRunChangeNothing() {
        // Given
        SessionState cancelled = Sessions.after(Sessions.after(Sessions.live(), Sessions.append(null)), CANCEL);

        // When
        Decision ended = SessionDecider.decide(cancelled, Sessions.ended(1, RunOutcome.COMPLETED));

        // Then
        assertEquals(Decision.NOTHING, ended);
    }

    @Test
    void cancellingARunThatIsOverOrWasSupersededOnlyAnswers() {
        for (SessionState state : List.of(Sessions.idle(), Sessions.after(Sessions.live(), CANCEL),
                Sessions.after(Sessions.live(), Sessions.upgradeBy(Sessions.runId(1))))) {
            // When
            Decision decision = Sessions.decide(state, CANCEL);

            // Then
            assertEquals(List.of(), decision.events());
            assertInstanceOf(SessionReply.SessionAnswered.class,
                    Sessions.only(decision, SessionEffect.Reply.class).reply());
        }
    }

    @Test
    void beingCancelledIsNoMessagesFault() {
        // Given
        SessionState state = Sessions.after(Sessions.live(), Sessions.append(null));

        // When
        SessionState cancelled = Sessions.after(state, CANCEL);

        // Then
        assertEquals(0, Sessions.facts(cancelled).fruitlessRuns());
    }

    @Test
    void withMaxAttemptsOfOneTheFirstCrashGivesTheMessageUp() {
        // Given
        SessionState created = Sessions.after(SessionState.ABSENT, new SessionCommand.CreateSession(Sessions.ID,
                "chat-1", "chat.agent", "echo", new TriggerConfig(Sessions.PRELOAD, null, null, null, 1, null, null,
                        null, null, null, null, null, null),
                null, null, null));
        SessionState waiting = Sessions.after(Sessions.after(created, Sessions.started(1, 10)), Sessions.append(null));

        // When
        Decision crashed = SessionDecider.decide(waiting, Sessions.ended(1, RunOutcome.CRASHED));

        // Then
        Sessions.only(crashed, SessionEffect.WriteOut.class);
        assertEquals(List.of(), Sessions.effects(crashed, SessionEffect.RequestRun.class));
    }
}
