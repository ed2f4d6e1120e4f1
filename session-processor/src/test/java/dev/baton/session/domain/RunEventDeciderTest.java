package dev.baton.session.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.TriggerConfig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RunEventDeciderTest {
    private final SessionState waiting = Sessions.after(Sessions.live(), Sessions.append(null));

    @Test
    void aStartedRunIsOnItsProvenanceRowAndItsFenceOnTheSessionRow() {
        // When
        Decision decision = SessionDecider.decide(Sessions.requested(), Sessions.started(1, 10));

        // Then
        var run = Sessions.only(decision, SessionEffect.PublishProvenance.class).row();
        assertEquals("v1", run.workerVersion());
        assertEquals(1, run.attempt());
        assertEquals(Sessions.NOW, run.startedAt());
        assertEquals(10, Sessions.only(decision, SessionEffect.PublishRow.class).row().fenceOutSeq());
    }

    @Test
    void aSecondAttemptKeepsTheFirstStartAndTheFirstFence() {
        // When
        Decision decision = SessionDecider.decide(Sessions.live(),
                new RunEvent.RunStarted(Sessions.runId(1), 1, Sessions.NOW + 9, 2, "worker_2", "v1", 30));

        // Then
        var run = Sessions.only(decision, SessionEffect.PublishProvenance.class).row();
        assertEquals(2, run.attempt());
        assertEquals(Sessions.NOW, run.startedAt());
        assertEquals(10, Sessions.only(decision, SessionEffect.PublishRow.class).row().fenceOutSeq());
    }

    @Test
    void reportsOfOtherRunsAndRepeatsAreDropped() {
        // Given
        SessionState second = Sessions.after(waiting, Sessions.upgradeBy(Sessions.runId(1)));

        // When
        List<Decision> decisions = List.of(SessionDecider.decide(second, Sessions.started(1, 10)),
                SessionDecider.decide(second, Sessions.ended(1, RunOutcome.CRASHED)),
                SessionDecider.decide(second, Sessions.ended(3, RunOutcome.CRASHED)),
                SessionDecider.decide(Sessions.live(), Sessions.started(1, 10)),
                SessionDecider.decide(Sessions.idle(), Sessions.ended(1, RunOutcome.COMPLETED)),
                SessionDecider.decide(Sessions.idle(), Sessions.started(1, 10)),
                SessionDecider.decide(SessionState.ABSENT, Sessions.started(1, 10)));

        // Then
        decisions.forEach(decision -> assertEquals(Decision.NOTHING, decision));
    }

    @ParameterizedTest
    @EnumSource(value = RunOutcome.class, names = "CANCELLED", mode = EnumSource.Mode.EXCLUDE)
    void aRunThatEndsWithAMessageWaitingGetsASuccessorInTheSameStep(RunOutcome outcome) {
        // When
        Decision decision = SessionDecider.decide(waiting, Sessions.ended(1, outcome));

        // Then
        var start = Sessions.only(decision, SessionEffect.RequestRun.class).request();
        assertEquals(RunReason.CONTINUATION, start.reason());
        assertEquals(2, start.generation());
        assertEquals(start.requestedAt(), start.notBefore());
    }

    @Test
    void aCancelledRunGetsNoSuccessorUntilTheNextMessage() {
        // Given
        SessionState cancelled = Sessions.after(waiting, Sessions.ended(1, RunOutcome.CANCELLED));

        // When
        SessionState appended = Sessions.after(cancelled, Sessions.append(null));

        // Then
        assertInstanceOf(Ownership.Ended.class, Sessions.facts(cancelled).ownership());
        assertInstanceOf(Ownership.Requested.class, Sessions.facts(appended).ownership());
    }

    @Test
    void aRunThatHasDealtWithEverythingGetsNoSuccessor() {
        // When
        Decision decision = SessionDecider.decide(waiting,
                new RunEvent.RunEnded(Sessions.runId(1), 1, Sessions.NOW, RunOutcome.COMPLETED, 0L, false, null));

        // Then
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.RequestRun.class));
    }

    @Test
    void closedAndExpiredSessionsGetNoSuccessor() {
        // Given
        SessionState closed = Sessions.after(waiting, new SessionCommand.CloseSession(null, null));
        SessionState expiring = SessionEvolver.evolve(SessionState.ABSENT,
                SessionDecider.decide(SessionState.ABSENT,
                        Sessions.create(Sessions.FIRST_MESSAGE, null, null, Sessions.NOW),
                        Sessions.at(Sessions.NOW - 1))
                        .events());

        // When
        List<Decision> decisions = List.of(SessionDecider.decide(closed, Sessions.ended(1, RunOutcome.CRASHED)),
                SessionDecider.decide(expiring, Sessions.ended(1, RunOutcome.CRASHED)));

        // Then
        decisions.forEach(
                decision -> assertEquals(List.of(), Sessions.effects(decision, SessionEffect.RequestRun.class)));
    }

    @Test
    void anUnansweredFirstMessageIsOnInBeforeItsSuccessor() {
        // Given
        SessionState created = Sessions.after(SessionState.ABSENT, Sessions.create(Sessions.FIRST_MESSAGE));

        // When
        Decision decision = SessionDecider.decide(created, Sessions.ended(1, RunOutcome.CRASHED));

        // Then
        var write = Sessions.only(decision, SessionEffect.WriteIn.class);
        assertEquals(0, write.seq());
        assertEquals(Sessions.facts(created).firstTurn(), write.record().body());
        assertEquals(false,
                Sessions.only(decision, SessionEffect.RequestRun.class).request().payload().has("message"));
    }

    @Test
    void aFirstMessageGoesToInBeforeTheMessageThatRevivesACancelledSession() {
        // Given
        SessionState created = Sessions.after(SessionState.ABSENT, Sessions.create(Sessions.FIRST_MESSAGE));
        SessionState cancelled = Sessions.after(created, Sessions.ended(1, RunOutcome.CANCELLED));

        // When
        Decision decision = Sessions.decide(cancelled, Sessions.append(null));

        // Then
        List<SessionEffect.WriteIn> writes = Sessions.effects(decision, SessionEffect.WriteIn.class);
        assertEquals(Sessions.facts(created).firstTurn(), writes.get(0).record().body());
        assertEquals(Sessions.BODY, writes.get(1).record().body());
        assertEquals(1, writes.get(1).seq());
    }

    @Test
    void aFirstMessageThatTheRunSaysItAnsweredIsNotRepeated() {
        // Given
        SessionState created = Sessions.after(SessionState.ABSENT, Sessions.create(Sessions.FIRST_MESSAGE));

        // When
        Decision decision = SessionDecider.decide(created,
                new RunEvent.RunEnded(Sessions.runId(1), 1, Sessions.NOW, RunOutcome.COMPLETED, null, true, null));

        // Then
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.WriteIn.class));
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.RequestRun.class));
    }

    @Test
    void runsThatLeaveTheirWorkBackOffUpToAMinute() {
        // Given
        SessionState state = waiting;
        List<Long> delaysMs = new ArrayList<>();

        // When
        for (long generation = 1; generation <= 10; generation++) {
            Decision decision = SessionDecider.decide(state, Sessions.ended(generation, RunOutcome.COMPLETED));
            var start = Sessions.only(decision, SessionEffect.RequestRun.class).request();
            delaysMs.add(start.notBefore() - start.requestedAt());
            state = SessionEvolver.evolve(state, decision.events());
        }

        // Then
        assertEquals(List.of(0L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 60_000L, 60_000L, 60_000L),
                delaysMs);
        assertEquals(Sessions.NOW + 60_000, ((SessionState.Existing) state).row().backoffUntil());
    }

    @ParameterizedTest
    @EnumSource(value = RunOutcome.class, names = {"CRASHED", "FAILED", "TIMED_OUT"})
    void aMessageThatHasKilledThreeRunsInARowIsGivenUp(RunOutcome outcome) {
        // Given
        SessionState twice = Sessions.after(Sessions.after(waiting, Sessions.ended(1, RunOutcome.CRASHED)),
                Sessions.ended(2, RunOutcome.CRASHED));

        // When
        Decision decision = SessionDecider.decide(twice, Sessions.ended(3, outcome));

        // Then
        var turn = Sessions.only(decision, SessionEffect.WriteOut.class);
        assertEquals(new Writer(3, Sessions.runId(3)), turn.writer());
        assertTrue(turn.records().getFirst().body().contains("\"type\":\"error\""), turn.toString());
        assertTrue(turn.records().getLast().isControl(ChannelRecord.TURN_COMPLETE));
        assertEquals("0", turn.records().getLast().header(ChannelRecord.SESSION_IN_EVENT_ID).orElse(null));
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.RequestRun.class), "nothing waits any more");
        assertEquals(0, Sessions.only(decision, SessionEffect.PublishRow.class).row().settledInSeq());
    }

    @Test
    void theMessageBehindAPoisonousOneGetsItsRunAtOnce() {
        // Given
        SessionState two = Sessions.after(waiting, Sessions.append(null));
        SessionState twice = Sessions.after(Sessions.after(two, Sessions.ended(1, RunOutcome.CRASHED)),
                Sessions.ended(2, RunOutcome.CRASHED));

        // When
        Decision decision = SessionDecider.decide(twice, Sessions.ended(3, RunOutcome.CRASHED));

        // Then
        var start = Sessions.only(decision, SessionEffect.RequestRun.class).request();
        assertEquals(4, start.generation());
        assertEquals(start.requestedAt(), start.notBefore());
        assertEquals(0, Sessions.only(decision, SessionEffect.PublishRow.class).row().settledInSeq());
    }

    @Test
    void aFirstMessageThatKillsThreeRunsIsGivenUpToo() {
        // Given
        SessionState state = Sessions.after(SessionState.ABSENT, Sessions.create(Sessions.FIRST_MESSAGE));
        for (long generation = 1; generation <= 2; generation++) {
            state = Sessions.after(state, Sessions.ended(generation, RunOutcome.CRASHED));
        }

        // When
        Decision decision = SessionDecider.decide(state, Sessions.ended(3, RunOutcome.CRASHED));

        // Then
        var turn = Sessions.only(decision, SessionEffect.WriteOut.class);
        assertEquals("0", turn.records().getLast().header(ChannelRecord.SESSION_IN_EVENT_ID).orElse(null));
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.RequestRun.class));
    }

    @ParameterizedTest
    @EnumSource(value = RunOutcome.class, names = {"COMPLETED", "CANCELLED", "EXPIRED"})
    void aRunThatLeftByItselfKillsNobodysMessage(RunOutcome outcome) {
        // Given
        SessionState twice = Sessions.after(Sessions.after(waiting, Sessions.ended(1, RunOutcome.CRASHED)),
                Sessions.ended(2, RunOutcome.CRASHED));

        // When
        Decision decision = SessionDecider.decide(twice, Sessions.ended(3, outcome));

        // Then
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.WriteOut.class));
    }

    @ParameterizedTest
    @EnumSource(value = RunOutcome.class, names = {"COMPLETED", "EXPIRED"})
    void aRunThatLeftByItselfIsNotCountedAsAKill(RunOutcome outcome) {
        // Given
        SessionState state = Sessions.after(Sessions.after(waiting, Sessions.ended(1, outcome)),
                Sessions.ended(2, RunOutcome.CRASHED));

        // When
        Decision third = SessionDecider.decide(state, Sessions.ended(3, RunOutcome.CRASHED));
        Decision fourth = SessionDecider.decide(Sessions.after(state, Sessions.ended(3, RunOutcome.CRASHED)),
                Sessions.ended(4, RunOutcome.CRASHED));

        // Then
        assertEquals(List.of(), Sessions.effects(third, SessionEffect.WriteOut.class), "only two were killed");
        assertEquals(1, Sessions.effects(fourth, SessionEffect.WriteOut.class).size());
    }

    @Test
    void aFirstMessageThatIsGivenUpAtOnceTakesNoOtherMessageWithIt() {
        // Given
        SessionState state = Sessions.after(SessionState.ABSENT, new SessionCommand.CreateSession(
                "session_c000000000000000000000001", "chat-1", "chat.agent", "echo", new TriggerConfig(
                        Sessions.FIRST_MESSAGE, null, null, null, 1, null, null, null, null, null, null, null, null),
                null, null, null));
        SessionState withSecond = Sessions.after(state, Sessions.append(null));

        // When
        Decision decision = SessionDecider.decide(withSecond, Sessions.ended(1, RunOutcome.CRASHED));

        // Then
        var turn = Sessions.only(decision, SessionEffect.WriteOut.class);
        assertTrue(turn.records().getLast().isControl(ChannelRecord.TURN_COMPLETE));
        assertEquals(Optional.empty(), turn.records().getLast().header(ChannelRecord.SESSION_IN_EVENT_ID));
        assertEquals(-1, Sessions.only(decision, SessionEffect.PublishRow.class).row().settledInSeq());
        assertEquals(2, Sessions.only(decision, SessionEffect.RequestRun.class).request().generation());
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.WriteIn.class), "it is not tried again");
    }

    @Test
    void aSettledTurnEndsTheSeriesOfCrashes() {
        // Given
        SessionState crashedTwice = Sessions.after(Sessions.after(waiting, Sessions.ended(1, RunOutcome.CRASHED)),
                Sessions.ended(2, RunOutcome.CRASHED));
        SessionState settled = Sessions.after(Sessions.after(crashedTwice, Sessions.append(null)),
                new SessionCommand.SettleTurn(3, 0, 50));

        // When
        Decision decision = SessionDecider.decide(settled, Sessions.ended(3, RunOutcome.CRASHED));

        // Then
        var start = Sessions.only(decision, SessionEffect.RequestRun.class).request();
        assertEquals(start.requestedAt(), start.notBefore());
    }
}
