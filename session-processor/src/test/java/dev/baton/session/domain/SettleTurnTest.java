package dev.baton.session.domain;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.baton.wire.session.SessionCommand;

import static org.junit.jupiter.api.Assertions.assertEquals;

class SettleTurnTest {
    private final SessionState appended = Sessions.after(Sessions.after(Sessions.live(), Sessions.append(null)),
            Sessions.append(null));

    @Test
    void aSettledTurnRaisesBothCursorsAndCountsForItsRun() {
        // When
        Decision decision = Sessions.decide(appended, new SessionCommand.SettleTurn(1, 0, 20));

        // Then
        SessionCursors cursors = Sessions.facts(SessionEvolver.evolve(appended, decision.events())).cursors();
        assertEquals(0, cursors.settledInSeq());
        assertEquals(20, cursors.settledOutSeq());
        assertEquals(1, Sessions.only(decision, SessionEffect.PublishProvenance.class).row().turnsServed());
    }

    @Test
    void cursorsNeverFallAndARepeatChangesNothing() {
        // Given
        SessionState settled = Sessions.after(appended, new SessionCommand.SettleTurn(1, 1, 30));

        // When
        Decision late = Sessions.decide(settled, new SessionCommand.SettleTurn(1, 0, 20));
        Decision repeat = Sessions.decide(settled, new SessionCommand.SettleTurn(1, 1, 30));

        // Then
        assertEquals(List.of(), late.events());
        assertEquals(List.of(), repeat.events());
    }

    @Test
    void aTurnCannotSettleWhatWasNeverAppended() {
        // When
        SessionState settled = Sessions.after(appended, new SessionCommand.SettleTurn(1, 99, 20));

        // Then
        assertEquals(1, Sessions.facts(settled).cursors().settledInSeq());
    }

    @Test
    void theFirstSettledTurnSettlesTheFirstMessage() {
        // Given
        SessionState created = Sessions.after(SessionState.ABSENT, Sessions.create(Sessions.FIRST_MESSAGE));

        // When
        SessionState settled = Sessions.after(created, new SessionCommand.SettleTurn(0, -1, 20));

        // Then
        assertEquals(true, Sessions.facts(created).unsettled());
        assertEquals(false, Sessions.facts(settled).unsettled());
    }

    @Test
    void theLastWordOfASupersededRunCountsForThatRun() {
        // Given
        SessionState upgraded = Sessions.after(appended, Sessions.upgradeBy(Sessions.runId(1)));

        // When
        Decision decision = Sessions.decide(upgraded, new SessionCommand.SettleTurn(1, 0, 20));

        // Then
        var row = Sessions.only(decision, SessionEffect.PublishProvenance.class).row();
        assertEquals(1, row.generation());
        assertEquals(1, row.turnsServed());
        assertEquals(0, Sessions.facts(SessionEvolver.evolve(upgraded, decision.events())).cursors().settledInSeq());
    }

    @Test
    void aRecordOfAnOlderRunBehindTheFenceIsVoid() {
        // Given
        SessionState upgraded = Sessions.after(appended, Sessions.upgradeBy(Sessions.runId(1)));
        SessionState fenced = Sessions.after(upgraded, Sessions.started(2, 25));

        // When
        Decision behind = Sessions.decide(fenced, new SessionCommand.SettleTurn(1, 1, 26));
        Decision before = Sessions.decide(fenced, new SessionCommand.SettleTurn(1, 0, 24));

        // Then
        assertEquals(List.of(), behind.events());
        assertEquals(1, before.events().size());
    }
}
