package dev.baton.session.domain;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

/** The floor of {@code .out} (contract §2.6 C). */
class TrimOutTest {
    @Test
    void aTrimRaisesTheFloorOfTheRowThatIsPublishedAndAnswered() {
        // Given
        SessionState live = Sessions.live();

        // When
        Decision decision = Sessions.decide(live, new SessionCommand.TrimOut(1, 40));

        // Then
        assertEquals(40, Sessions.only(decision, SessionEffect.PublishRow.class).row().floorOutSeq());
        var answer = assertInstanceOf(SessionReply.SessionAnswered.class, decision.reply().orElseThrow());
        assertEquals(40, answer.row().floorOutSeq());
    }

    @Test
    void aTrimBackwardsChangesNothingAndIsAnswered() {
        // Given
        SessionState trimmed = Sessions.after(Sessions.live(), new SessionCommand.TrimOut(0, 40));

        // When
        Decision backwards = Sessions.decide(trimmed, new SessionCommand.TrimOut(0, 39));

        // Then
        assertEquals(List.of(), backwards.events());
        var answer = assertInstanceOf(SessionReply.SessionAnswered.class, backwards.reply().orElseThrow());
        assertEquals(40, answer.row().floorOutSeq());
    }

    @Test
    void aSupersededRunMovesNoFloorAndLearnsWhoOwnsTheSession() {
        // Given
        SessionState upgraded = Sessions.after(Sessions.live(), Sessions.upgradeBy(Sessions.runId(1)));

        // When
        Decision decision = Sessions.decide(upgraded, new SessionCommand.TrimOut(1, 40));

        // Then
        assertEquals(List.of(), decision.events());
        var answer = assertInstanceOf(SessionReply.SessionAnswered.class, decision.reply().orElseThrow());
        assertEquals(2, answer.row().generation());
    }

    @Test
    void aClosedSessionIsStillTrimmedAndAnUnknownOneIsNotFound() {
        // Given
        SessionCommand trim = new SessionCommand.TrimOut(0, 40);

        // When
        SessionState closed = Sessions.after(Sessions.closed(), trim);
        Decision unknown = Sessions.decide(SessionState.ABSENT, trim);

        // Then
        assertEquals(40, Sessions.facts(closed).cursors().floorOutSeq());
        assertEquals(new SessionReply.Refused(SessionReply.Refusal.NOT_FOUND, null), unknown.reply().orElseThrow());
    }
}
