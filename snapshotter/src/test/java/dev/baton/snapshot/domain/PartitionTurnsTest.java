package dev.baton.snapshot.domain;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.session.SessionKey;

import static dev.baton.snapshot.domain.Records.CHAT;
import static dev.baton.snapshot.domain.Records.chunk;
import static dev.baton.snapshot.domain.Records.control;
import static dev.baton.snapshot.domain.Records.fence;
import static dev.baton.snapshot.domain.Records.in;
import static dev.baton.snapshot.domain.Records.turnComplete;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PartitionTurnsTest {
    private static final SessionKey OTHER = new SessionKey("env_dev", "chat-2");
    private static final String CHUNK = "{\"type\":\"start-step\"}";

    private final OpenTurns open = new OpenTurns(4_000, 8_000);
    private PartitionTurns turns;

    PartitionTurnsTest() {
        open.assign(0, new Watermark(0, 0));
        turns = open.partition(0);
    }

    @Test
    void aBoundaryIsHeldUntilItsInputHasBeenRead() {
        // Given
        open.out(0, chunk(CHAT, 0, 1, CHUNK));
        open.out(0, turnComplete(CHAT, 1, 1, 0));
        List<Boundary> before = turns.takeReady();

        // When
        open.in(0, in(CHAT, 5, 0, "m"));

        // Then
        assertEquals(List.of(), before);
        assertEquals(List.of(new Boundary(CHAT, 1, 0, 1)), turns.takeReady());
        assertEquals(List.of(), turns.takeReady());
    }

    @Test
    void aBoundaryThatConsumedNothingWaitsForTheEndThatInHadAfterIt() {
        // Given
        open.out(0, turnComplete(CHAT, 1, 1, Boundary.NONE_CONSUMED));
        boolean asks = turns.needsInEnd();
        turns.inEnd(3);
        List<Boundary> before = turns.takeReady();

        // When
        turns.positions(2, 3);

        // Then
        assertTrue(asks);
        assertEquals(List.of(), before);
        assertFalse(turns.needsInEnd());
        assertEquals(1, turns.takeReady().size());
    }

    @Test
    void aHeldBoundaryDoesNotHoldUpOtherSessions() {
        // Given
        open.out(0, turnComplete(CHAT, 1, 1, 7));

        // When
        open.in(0, in(OTHER, 0, 0, "m"));
        open.out(0, turnComplete(OTHER, 2, 1, 0));

        // Then
        assertEquals(List.of(OTHER), turns.takeReady().stream().map(Boundary::key).toList());
    }

    @Test
    void theWatermarkStaysAtWhatAnOpenTurnNeeds() {
        // Given
        open.in(0, in(CHAT, 3, 0, "m"));
        open.out(0, chunk(CHAT, 4, 1, CHUNK));
        open.in(0, in(OTHER, 6, 0, "m"));
        open.out(0, chunk(OTHER, 8, 1, CHUNK));
        open.out(0, turnComplete(CHAT, 9, 1, 0));
        Watermark before = turns.watermark();

        // When
        turns.done(turns.takeReady().getFirst());

        // Then
        assertEquals(new Watermark(4, 3), before);
        assertEquals(new Watermark(8, 6), turns.watermark());
    }

    @Test
    void anUnstoredBoundaryHoldsTheWatermarkEvenWithoutChunks() {
        // Given
        open.in(0, in(CHAT, 0, 0, "m"));
        open.out(0, turnComplete(CHAT, 5, 1, 0));

        // When
        Boundary ready = turns.takeReady().getFirst();

        // Then
        assertEquals(new Watermark(5, 0), turns.watermark());
        turns.done(ready);
        assertEquals(new Watermark(6, 1), turns.watermark());
    }

    @Test
    void aFenceHoldsTheWatermarkOnlyWhileItIsYoung() {
        // Given
        open.out(0, fence(CHAT, 4, 2));
        open.out(0, control(CHAT, 5, PartitionTurns.FENCE_HOLD_MS, ChannelRecord.SESSION_CLOSED));
        Watermark young = turns.watermark();

        // When
        open.out(0, control(CHAT, 6, PartitionTurns.FENCE_HOLD_MS + 1, ChannelRecord.SESSION_CLOSED));

        // Then
        assertEquals(new Watermark(4, 0), young);
        assertEquals(new Watermark(7, 0), turns.watermark());
    }

    @Test
    void recordsOfAnOlderGenerationAreDroppedAfterAFence() {
        // Given
        open.out(0, chunk(CHAT, 0, 1, CHUNK));
        open.out(0, fence(CHAT, 1, 2));

        // When
        open.out(0, chunk(CHAT, 2, 1, CHUNK));
        open.out(0, turnComplete(CHAT, 3, 1, Boundary.NONE_CONSUMED));
        open.out(0, chunk(CHAT, 4, 2, CHUNK));
        open.out(0, turnComplete(CHAT, 5, 2, Boundary.NONE_CONSUMED));

        // Then
        turns.inEnd(0);
        Boundary ready = turns.takeReady().getFirst();
        assertEquals(5, ready.outSeq());
        assertEquals(List.of(0L, 1L, 4L), offsets(turns.finished(ready).out()));
        assertEquals(2, turns.dropped());
    }

    @Test
    void inputsThatTheTurnDidNotConsumeStayForTheNextOne() {
        // Given
        open.in(0, in(CHAT, 0, 0, "a"));
        open.in(0, in(CHAT, 1, 1, "b"));
        open.out(0, turnComplete(CHAT, 0, 1, 0));

        // When
        turns.done(turns.takeReady().getFirst());

        // Then
        open.out(0, turnComplete(CHAT, 1, 1, 1));
        assertEquals(List.of(1L), offsets(turns.finished(turns.takeReady().getFirst()).in()));
    }

    @Test
    void aSessionThatOverflowsKeepsWhereItsTurnBegan() {
        // Given
        String big = "\"" + "x".repeat(1_500) + "\"";
        open.out(0, chunk(CHAT, 10, 1, big));
        open.out(0, chunk(CHAT, 11, 1, big));

        // When
        open.out(0, chunk(CHAT, 12, 1, big));
        open.out(0, chunk(CHAT, 13, 1, "{}"));

        // Then
        open.out(0, turnComplete(CHAT, 14, 1, Boundary.NONE_CONSUMED));
        turns.inEnd(0);
        Boundary ready = turns.takeReady().getFirst();
        FinishedTurn finished = turns.finished(ready);
        assertEquals(10, finished.neededFrom());
        assertEquals(13, finished.coveredFrom());
        assertEquals(10, turns.watermark().out());
        turns.done(ready);
        assertEquals(new Watermark(15, 0), turns.watermark());
        assertEquals(0, open.bytes());
    }

    @Test
    void anOverflowAfterABoundaryMakesTheNextTurnReadFromThatBoundary() {
        // Given
        String big = "\"" + "x".repeat(5_000) + "\"";
        open.out(0, turnComplete(CHAT, 1, 1, Boundary.NONE_CONSUMED));
        open.out(0, chunk(CHAT, 2, 1, "{}"));
        open.out(0, chunk(CHAT, 3, 1, big));
        turns.inEnd(0);

        // When
        turns.done(turns.takeReady().getFirst());

        // Then
        assertEquals(2, turns.watermark().out());
        open.out(0, turnComplete(CHAT, 4, 1, Boundary.NONE_CONSUMED));
        turns.inEnd(0);
        FinishedTurn next = turns.finished(turns.takeReady().getFirst());
        assertEquals(2, next.neededFrom());
        assertEquals(4, next.coveredFrom());
    }

    @Test
    void theLargestSessionGivesWayWhenAllTogetherAreTooMuch() {
        // Given
        String half = "\"" + "x".repeat(3_000) + "\"";
        open.out(0, chunk(CHAT, 0, 1, half));
        open.out(0, chunk(OTHER, 1, 1, half));

        // When
        open.out(0, chunk(new SessionKey("env_dev", "chat-3"), 2, 1, half));

        // Then
        assertTrue(open.bytes() <= 8_000);
        assertEquals(0, turns.watermark().out());
    }

    @Test
    void aRevokedPartitionLeavesNoBytesBehind() {
        // Given
        open.out(0, chunk(CHAT, 0, 1, CHUNK));

        // When
        open.revoke(0);

        // Then
        assertEquals(0, open.bytes());
    }

    @Test
    void inputsOfSettledTurnsAndOfForgottenSessionsDoNotHoldTheWatermark() {
        // Given
        open.in(0, in(CHAT, 0, 0, "settled"));
        open.in(0, in(OTHER, 1, 0, "never answered"));
        turns.positions(0, PartitionTurns.IN_SPAN_MAX + 2);

        // When
        turns.sweep(key -> new SessionFacts("s", 0, 0, 5, 1, 0, null, false, null), 0);

        // Then
        assertEquals(PartitionTurns.IN_SPAN_MAX + 2, turns.watermark().in());
    }

    @Test
    void theOpenTurnOfALongClosedSessionDoesNotHoldTheWatermark() {
        // Given
        open.out(0, chunk(CHAT, 0, 1, CHUNK));

        // When
        turns.sweep(key -> new SessionFacts("s", 0, -1, -1, 1, 0, 1L, false, null), PartitionTurns.CLOSED_GRACE_MS + 2);

        // Then
        assertEquals(1, turns.watermark().out());
        assertEquals(0, open.bytes());
    }

    private static List<Long> offsets(List<StoredRecord> records) {
        return records.stream().map(StoredRecord::offset).toList();
    }
}
