package dev.baton.session.domain;

import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.session.store.StateBytes;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionReply.Refusal;
import dev.baton.wire.session.SessionRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a deletion takes away, and what it leaves (PROTOCOL 2.25). */
class DeleteSessionTest {
    private static final SessionCommand.DeleteSession DELETE = new SessionCommand.DeleteSession();

    @Test
    @DisplayName("PROTOCOL 2.25: neither the row nor the stored state of a deleted session has what anybody wrote")
    void aReceiptHasNothingThatAnybodyWrote() {
        // Given
        SessionState.Deleted deleted = Sessions.deleted();

        // When
        String row = WireJson.text(deleted.row());
        String stored = WireJson.text(StateBytes.roundTrip(deleted).row());

        // Then
        for (String written : List.of("secret", "m1", "submit-message", "basePayload")) {
            assertFalse(row.contains(written), written + " in " + row);
            assertFalse(stored.contains(written), written + " in " + stored);
        }
        assertEquals(deleted, StateBytes.roundTrip(deleted));
        assertEquals(Sessions.NOW, deleted.row().deletedAt());
        assertEquals(Sessions.ID, deleted.row().id());
    }

    @Test
    void aLiveRunLosesTheSessionAndWhoeverWaitsIsWoken() {
        // Given
        SessionState live = Sessions.after(Sessions.live(), Sessions.append(null));

        // When
        Decision decision = Sessions.decide(live, DELETE);

        // Then
        assertEquals(1, Sessions.only(decision, SessionEffect.WriteIn.class).seq());
        assertEquals(Sessions.runId(1), Sessions.only(decision, SessionEffect.WithdrawRun.class).request().runId());
        SessionRow row = Sessions.only(decision, SessionEffect.PublishRow.class).row();
        assertTrue(row.hasLeft(1));
        assertTrue(row.closed());
        assertEquals(Decision.NOTHING, SessionDecider.decide(SessionEvolver.evolve(live, decision.events()),
                Sessions.ended(1, RunOutcome.COMPLETED)));
    }

    @Test
    void theProvenanceOfAllGenerationsGoesAfterItsLastWord() {
        // Given
        SessionState third = Sessions.after(Sessions.after(Sessions.live(), Sessions.upgradeBy(Sessions.runId(1))),
                Sessions.upgradeBy(Sessions.runId(2)));

        // When
        Decision decision = Sessions.decide(third, DELETE);

        // Then
        List<SessionEffect> provenance = decision.effects().stream()
                .filter(effect -> effect instanceof SessionEffect.PublishProvenance
                        || effect instanceof SessionEffect.RemoveProvenance)
                .toList();
        assertEquals(RunOutcome.CANCELLED,
                ((SessionEffect.PublishProvenance) provenance.getFirst()).row().outcome());
        assertEquals(new SessionEffect.RemoveProvenance(Sessions.ID, 3), provenance.getLast());
    }

    @Test
    void theKeyIsNotFreeAgainAndARepeatGetsTheReceipt() {
        // Given
        SessionState.Deleted deleted = Sessions.deleted();

        // When
        SessionReply created = Sessions.decide(deleted, Sessions.create(Sessions.PRELOAD)).reply().orElseThrow();
        Decision repeated = Sessions.decide(deleted, DELETE);

        // Then
        assertEquals(new SessionReply.Refused(Refusal.DELETED, null), created);
        assertEquals(List.of(), repeated.events());
        assertEquals(List.of(new SessionEffect.Reply(new SessionReply.SessionAnswered(deleted.row(), true))),
                repeated.effects());
    }
}
