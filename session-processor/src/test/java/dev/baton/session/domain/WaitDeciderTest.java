package dev.baton.session.domain;

import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.wire.session.SessionCommand.CompleteWaits;
import dev.baton.wire.session.SessionCommand.RegisterWait;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionReply.Refusal;
import dev.baton.wire.session.WaitRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WaitDeciderTest {
    private static final long NOW = Sessions.NOW;
    private static final long NOTHING_YET = -1;

    @Test
    @DisplayName("contract §3.1: a wait with nothing after its cursor is pending")
    void aWaitWithNothingAfterItsCursorIsPending() {
        // When
        WaitDecision decision = register(Waits.NONE, in("w1", 4), 4);

        // Then
        assertEquals(new SessionReply.WaitAnswered("w1", false), decision.reply());
        WaitRow row = decision.published().getFirst();
        assertEquals(WaitRow.Status.WAITING, row.statusAt(NOW));
        assertEquals(List.of(row), decision.applyTo(Waits.NONE).pending());
    }

    @Test
    @DisplayName("contract §3.1 (c): a record after the cursor completes the wait at once, with the first such record")
    void aRecordThatIsThereCompletesTheWaitAtOnce() {
        // When
        WaitDecision seen = register(Waits.NONE, in("w1", 4), 9);
        WaitDecision fromTheStart = register(Waits.NONE, in("w2", NOTHING_YET), 9);

        // Then
        assertEquals(5, seen.published().getFirst().seq());
        assertEquals(0, fromTheStart.published().getFirst().seq());
        assertTrue(seen.applyTo(Waits.NONE).isEmpty(), "nothing is left behind");
    }

    @Test
    @DisplayName("contract §3.3: an append takes all waits on its channel, and only those")
    void anAppendTakesAllWaitsOnIn() {
        // Given
        Waits waits = after(Waits.NONE, in("w1", NOTHING_YET));
        waits = after(waits, in("w2", NOTHING_YET));
        waits = after(waits, out("w3"));

        // When
        WaitDecision decision = WaitDecider.appended(waits, 0, NOW + 5);

        // Then
        assertEquals(List.of("w1", "w2"), decision.published().stream().map(WaitRow::waitpointId).toList());
        decision.published().forEach(row -> {
            assertEquals(0, row.seq());
            assertEquals(NOW + 5, row.completedAt());
        });
        assertEquals(List.of("w3"), ids(decision.applyTo(waits)));
    }

    @Test
    @DisplayName("contract §3.3: a wait that has timed out is not completed by what comes later")
    void aWaitThatHasTimedOutTakesNothing() {
        // Given
        Waits waits = after(Waits.NONE, timed("w1", NOW + 1000));

        // When
        WaitDecision before = WaitDecider.appended(waits, 0, NOW + 999);
        WaitDecision after = WaitDecider.appended(waits, 0, NOW + 1000);

        // Then
        assertEquals(1, before.published().size());
        assertEquals(List.of(), after.published());
        assertEquals(WaitRow.Status.TIMED_OUT, waits.pending().getFirst().statusAt(NOW + 1000));
    }

    @Test
    @DisplayName("decision 0010: a wait that an append found over is not completed by a later one with a slower clock")
    void aWaitThatAnAppendFoundOverStaysOver() {
        // Given
        Waits waits = after(Waits.NONE, timed("w1", NOW + 1000));

        // When
        Waits left = WaitDecider.appended(waits, 0, NOW + 1001).applyTo(waits);
        WaitDecision later = WaitDecider.appended(left, 1, NOW + 998);

        // Then
        assertEquals(List.of(), later.published(), "the record after what the run has seen was another one");
    }

    @Test
    void whatIsOverIsForgotten() {
        // Given
        Waits waits = after(Waits.NONE, timed("w1", NOW + 1000));
        waits = after(waits, in("w2", NOTHING_YET));
        waits = after(waits, keyed("w3", "k", NOW + 1000));
        long aWeekLater = NOW + 7 * 86_400_000L;

        // When
        Waits soon = WaitDecider.forget(waits, NOW + 1000).applyTo(waits);
        Waits late = WaitDecider.forget(waits, aWeekLater).applyTo(waits);

        // Then
        assertEquals(List.of("w2", "w3"), ids(soon));
        assertEquals(List.of(), soon.usedKeys());
        assertTrue(late.isEmpty(), late.toString());
        assertEquals(WaitDecision.NOTHING, WaitDecider.forget(soon, NOW + 1001));
    }

    @Test
    @DisplayName("contract §3.1: a repeated idempotency key of the same run answers the first wait, without a race check")
    void aRepeatedKeyAnswersTheFirstWait() {
        // Given
        Waits waits = after(Waits.NONE, keyed("w1", "k", NOW + 1000));

        // When
        WaitDecision repeat = register(waits, keyed("w2", "k", NOW + 1000), 3);
        WaitDecision otherRun = register(waits, new RegisterWait("w3", "run_2", "in", 3, null, List.of(), "k",
                NOW + 1000), 3);
        WaitDecision tooLate = WaitDecider.decide(waits, keyed("w4", "k", NOW + 9000),
                new WaitDecider.Occasion(Sessions.KEY, NOW + 1000, 3));

        // Then
        assertEquals(new SessionReply.WaitAnswered("w1", true), repeat.reply());
        assertEquals(List.of(), repeat.published());
        assertEquals(new SessionReply.WaitAnswered("w3", false), otherRun.reply());
        assertEquals(new SessionReply.WaitAnswered("w4", false), tooLate.reply());
    }

    @Test
    void theLatestKeysAreRememberedAndNobodyIsRefusedForThem() {
        // Given
        Waits waits = Waits.NONE;

        // When
        for (int i = 0; i <= Waits.USED_KEYS_MAX; i++) {
            waits = after(waits, keyed("w" + i, "k" + i, NOW + 1000));
            waits = WaitDecider.appended(waits, i, NOW).applyTo(waits);
        }

        // Then
        assertEquals(Waits.USED_KEYS_MAX, waits.usedKeys().size());
        assertEquals(new SessionReply.WaitAnswered("w1", true),
                register(waits, keyed("again", "k1", NOW + 1000), NOTHING_YET).reply());
        assertEquals(new SessionReply.WaitAnswered("again", false),
                register(waits, keyed("again", "k0", NOW + 1000), NOTHING_YET).reply());
    }

    @Test
    void oneWaitOnOutCanBeCompletedAloneOrAllOfThem() {
        // Given
        Waits waits = after(after(Waits.NONE, out("w1")), out("w2"));

        // When
        WaitDecision one = decide(waits, new CompleteWaits("out", "w2", 70));
        WaitDecision all = decide(waits, new CompleteWaits("out", null, 70));
        WaitDecision none = decide(Waits.NONE, new CompleteWaits("out", null, 70));

        // Then
        assertEquals(List.of("w1"), ids(one.applyTo(waits)));
        assertEquals(70, one.published().getFirst().seq());
        assertTrue(all.applyTo(waits).isEmpty());
        assertEquals(List.of(), none.events());
        assertTrue(none.reply() != null, "whoever asked gets an answer");
    }

    @Test
    void waitsOnOneSessionAreBounded() {
        // Given
        Waits waits = Waits.NONE;
        for (int i = 0; i < WaitDecider.PENDING_MAX; i++) {
            waits = after(waits, timed("w" + i, NOW + 1000));
        }

        // When
        WaitDecision refused = register(waits, in("more", NOTHING_YET), NOTHING_YET);
        WaitDecision later = WaitDecider.decide(waits, in("more", NOTHING_YET),
                new WaitDecider.Occasion(Sessions.KEY, NOW + 1000, NOTHING_YET));

        // Then
        assertEquals(new SessionReply.Refused(Refusal.TOO_MANY_WAITS, "100"), refused.reply());
        assertEquals(List.of(), refused.events());
        assertEquals(List.of("more"), ids(later.applyTo(waits)), "the dead ones make room");
        assertNull(WaitDecision.NOTHING.reply());
    }

    private static RegisterWait in(String id, long lastSeqNum) {
        return new RegisterWait(id, "run_1", "in", lastSeqNum, null, List.of(), null, null);
    }

    private static RegisterWait out(String id) {
        return new RegisterWait(id, "run_1", "out", NOTHING_YET, null, List.of(), null, null);
    }

    private static RegisterWait timed(String id, long timeoutAt) {
        return new RegisterWait(id, "run_1", "in", NOTHING_YET, timeoutAt, List.of(), null, null);
    }

    private static RegisterWait keyed(String id, String key, long expiresAt) {
        return new RegisterWait(id, "run_1", "in", NOTHING_YET, null, List.of(), key, expiresAt);
    }

    private static WaitDecision register(Waits waits, RegisterWait wanted, long lastInSeq) {
        return WaitDecider.decide(waits, wanted, new WaitDecider.Occasion(Sessions.KEY, NOW, lastInSeq));
    }

    private static WaitDecision decide(Waits waits, CompleteWaits command) {
        return WaitDecider.decide(waits, command, new WaitDecider.Occasion(Sessions.KEY, NOW, NOTHING_YET));
    }

    private static Waits after(Waits waits, RegisterWait wanted) {
        return register(waits, wanted, NOTHING_YET).applyTo(waits);
    }

    private static List<String> ids(Waits waits) {
        return waits.pending().stream().map(WaitRow::waitpointId).toList();
    }
}
