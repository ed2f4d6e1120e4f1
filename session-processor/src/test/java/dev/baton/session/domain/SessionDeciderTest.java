package dev.baton.session.domain;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.baton.wire.json.Json;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionReply.Refusal;
import dev.baton.wire.session.TriggerConfig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SessionDeciderTest {
    private static final SessionCommand CREATE = Sessions.create(Sessions.PRELOAD);
    private static final SessionCommand APPEND = Sessions.append(null);
    private static final SessionCommand CLOSE = new SessionCommand.CloseSession("bye", null);
    private static final SessionCommand UPGRADE = Sessions.upgradeBy(Sessions.runId(1));

    @Test
    void aNewSessionAnswersWithItsFirstRun() {
        // When
        Decision decision = Sessions.decide(SessionState.ABSENT, CREATE);

        // Then
        var answer = assertInstanceOf(SessionReply.SessionAnswered.class, decision.reply().orElseThrow());
        assertFalse(answer.cached());
        assertEquals(Sessions.runId(1), answer.row().currentRunId());
        assertTrue(answer.row().runLive());
        assertEquals(answer.row(), Sessions.only(decision, SessionEffect.PublishRow.class).row());
        RunRequest.StartRun start = Sessions.only(decision, SessionEffect.RequestRun.class).request();
        assertEquals(RunReason.INITIAL, start.reason());
        assertEquals("{\"chatId\":\"chat-1\",\"trigger\":\"preload\",\"sessionId\":\"" + Sessions.ID + "\"}",
                start.payload().text());
    }

    @Test
    void theMessageInsideACreateGoesToTheRunAndToAuditors() {
        // When
        Decision decision = Sessions.decide(SessionState.ABSENT, Sessions.create(Sessions.FIRST_MESSAGE));

        // Then
        assertTrue(Sessions.only(decision, SessionEffect.RequestRun.class).request().payload().has("message"));
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.WriteIn.class));
        Json body = new Json(Sessions.only(decision, SessionEffect.WriteFirstTurn.class).record().body());
        assertEquals("{\"kind\":\"message\",\"payload\":{\"chatId\":\"chat-1\",\"trigger\":\"submit-message\","
                + "\"message\":{\"id\":\"m1\"}}}", body.textField("data"));
    }

    @Test
    void aCreateUnderAnotherKeyIsNotDecided() {
        // Given
        SessionCommand.CreateSession misplaced = new SessionCommand.CreateSession(Sessions.ID, "chat-2", "chat.agent",
                "echo", Sessions.config(Sessions.PRELOAD), null, null, null);

        // When, then
        assertThrows(IllegalArgumentException.class, () -> Sessions.decide(SessionState.ABSENT, misplaced));
    }

    @Test
    void aRepeatedCreateRefreshesConfigAndDeliversNoMessage() {
        // Given
        SessionState live = Sessions.live();

        // When
        Decision decision = Sessions.decide(live,
                Sessions.create(Sessions.FIRST_MESSAGE, List.of("a"), new Json("{\"k\":1}"), Sessions.NOW + 5));

        // Then
        SessionProfile profile = Sessions.facts(SessionEvolver.evolve(live, decision.events())).profile();
        assertEquals(Sessions.FIRST_MESSAGE, profile.triggerConfig().basePayload());
        assertEquals(List.of("a"), profile.tags());
        assertEquals(Sessions.NOW + 5, profile.expiresAt());
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.WriteIn.class));
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.WriteFirstTurn.class));
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.RequestRun.class));
    }

    @Test
    void aRepeatedCreateWithADeadRunStartsAContinuationWithoutTheMessage() {
        // When
        Decision decision = Sessions.decide(Sessions.idle(), Sessions.create(Sessions.FIRST_MESSAGE));

        // Then
        RunRequest.StartRun start = Sessions.only(decision, SessionEffect.RequestRun.class).request();
        assertEquals(RunReason.CONTINUATION, start.reason());
        assertEquals("{\"chatId\":\"chat-1\",\"sessionId\":\"" + Sessions.ID
                + "\",\"continuation\":true,\"previousRunId\":\"" + Sessions.runId(1) + "\"}", start.payload().text());
    }

    @Test
    void noCallerCanSetTheFieldsOfTheServer() {
        // Given
        Json forged = new Json("{\"sessionId\":\"x\",\"continuation\":true,\"previousRunId\":\"y\"}");

        // When
        Decision decision = Sessions.decide(SessionState.ABSENT, Sessions.create(forged));

        // Then
        assertEquals("{\"sessionId\":\"" + Sessions.ID + "\"}",
                Sessions.only(decision, SessionEffect.RequestRun.class).request().payload().text());
    }

    @Test
    void anUpdateReplacesTagsAndClearsMetadata() {
        // Given
        SessionState created = Sessions.after(SessionState.ABSENT,
                Sessions.create(Sessions.PRELOAD, List.of("a"), new Json("{\"k\":1}"), null));

        // When
        SessionState updated = Sessions.after(created, new SessionCommand.UpdateSession(List.of("b"), null, true));

        // Then
        assertEquals(List.of("b"), Sessions.facts(updated).profile().tags());
        assertEquals(null, Sessions.facts(updated).profile().metadata());
    }

    @Test
    void seqsOnInAreDenseFromZero() {
        // Given
        SessionState first = Sessions.after(Sessions.live(), APPEND);

        // When
        Decision second = Sessions.decide(first, APPEND);

        // Then
        assertEquals(0, Sessions.facts(first).cursors().lastInSeq());
        assertEquals(new SessionReply.AppendAnswered(1, false), second.reply().orElseThrow());
        assertEquals(1, Sessions.only(second, SessionEffect.WriteIn.class).seq());
    }

    @Test
    void aRepeatedPartIdAnswersTheFirstSeqAndWritesNothing() {
        // When
        Decision decision = SessionDecider.decide(Sessions.live(), Sessions.append("p1"), Sessions.claimed(7));

        // Then
        assertEquals(new SessionReply.AppendAnswered(7, true), decision.reply().orElseThrow());
        assertEquals(1, decision.effects().size());
    }

    @Test
    void aRepeatedPartIdStillEnsuresARun() {
        // When
        Decision decision = SessionDecider.decide(Sessions.idle(), Sessions.append("p1"), Sessions.claimed(7));

        // Then
        assertEquals(RunReason.CONTINUATION,
                Sessions.only(decision, SessionEffect.RequestRun.class).request().reason());
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.WriteIn.class));
    }

    @Test
    void aRefusedAppendOnAClosedSessionTellsTheReason() {
        // When
        Decision decision = Sessions.decide(Sessions.closed(), APPEND);

        // Then
        assertEquals(new SessionReply.Refused(Refusal.CLOSED, "done"), decision.reply().orElseThrow());
    }

    @Test
    void closingWakesTheRunThatWaits() {
        // When
        Decision decision = Sessions.decide(Sessions.live(), CLOSE);

        // Then
        Json body = new Json(Sessions.only(decision, SessionEffect.WriteIn.class).record().body());
        assertEquals("{\"kind\":\"message\",\"payload\":{\"chatId\":\"chat-1\",\"trigger\":\"close\","
                + "\"closedReason\":\"bye\"}}", body.textField("data"));
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.WithdrawRun.class));
    }

    @Test
    void closingWithdrawsARunThatNoWorkerHas() {
        // When
        Decision decision = Sessions.decide(Sessions.requested(), CLOSE);

        // Then
        assertEquals(Sessions.runId(1), Sessions.only(decision, SessionEffect.WithdrawRun.class).request().runId());
    }

    @Test
    void theRunThatClosesIsNotWokenByItsOwnClose() {
        // When
        Decision decision = Sessions.decide(Sessions.requested(),
                new SessionCommand.CloseSession(null, Sessions.runId(1)));

        // Then
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.WriteIn.class));
        assertEquals(List.of(), Sessions.effects(decision, SessionEffect.WithdrawRun.class));
    }

    @Test
    void aSecondCloseReturnsTheFirstUntouched() {
        // When
        Decision decision = Sessions.decide(Sessions.closed(), CLOSE);

        // Then
        var answer = assertInstanceOf(SessionReply.SessionAnswered.class, decision.reply().orElseThrow());
        assertEquals("done", answer.row().closedReason());
    }

    @Test
    void anUpgradeEndsTheCallerAndStartsItsSuccessor() {
        // When
        Decision decision = Sessions.decide(Sessions.live(),
                new SessionCommand.EndAndContinue(Sessions.runId(1), RunReason.UPGRADE, "v2"));

        // Then
        var rows = Sessions.effects(decision, SessionEffect.PublishProvenance.class);
        assertEquals(RunOutcome.SUPERSEDED, rows.getFirst().row().outcome());
        assertEquals(Sessions.NOW, rows.getFirst().row().endedAt());
        assertEquals(RunReason.UPGRADE, rows.getLast().row().reason());
        assertEquals(Sessions.runId(1), rows.getLast().row().previousRunId());
        RunRequest.StartRun start = Sessions.only(decision, SessionEffect.RequestRun.class).request();
        assertEquals("v2", start.requestedVersion());
        assertEquals(2, start.generation());
        var answer = assertInstanceOf(SessionReply.HandOverAnswered.class, decision.reply().orElseThrow());
        assertTrue(answer.swapped());
        assertEquals(Sessions.runId(2), answer.runId());
    }

    @Test
    void aVersionLockBeatsTheVersionAnUpgradeAsksFor() {
        // Given
        SessionCommand.CreateSession locked = new SessionCommand.CreateSession(Sessions.ID, "chat-1", "chat.agent",
                "echo", new TriggerConfig(Sessions.PRELOAD, null, null, null, null, null,
                        "v7", null, 20, null, null, null, null),
                null, null, null);
        SessionState live = Sessions.after(Sessions.after(SessionState.ABSENT, locked), Sessions.started(1, 10));

        // When
        Decision decision = Sessions.decide(live,
                new SessionCommand.EndAndContinue(Sessions.runId(1), RunReason.UPGRADE, "v8"));

        // Then
        RunRequest.StartRun start = Sessions.only(decision, SessionEffect.RequestRun.class).request();
        assertEquals("v7", start.requestedVersion());
        assertEquals(null, start.config().basePayload());
        assertTrue(start.payload().text().contains("\"idleTimeoutInSeconds\":20"));
    }

    @Test
    void anOvertakenCallerLearnsWhoOwnsTheSession() {
        // Given
        SessionState upgraded = Sessions.after(Sessions.live(), UPGRADE);

        // When
        Decision decision = Sessions.decide(upgraded, UPGRADE);

        // Then
        assertEquals(new SessionReply.HandOverAnswered(Sessions.runId(2), false, null),
                decision.reply().orElseThrow());
        assertEquals(List.of(), decision.events());
    }

    @Test
    void aCallerThatNeverServedTheSessionIsUnknown() {
        // When
        Decision decision = Sessions.decide(Sessions.live(), Sessions.upgradeBy(Sessions.runId(2)));

        // Then
        assertEquals(new SessionReply.Refused(Refusal.CALLING_RUN_UNKNOWN, null), decision.reply().orElseThrow());
    }
}
