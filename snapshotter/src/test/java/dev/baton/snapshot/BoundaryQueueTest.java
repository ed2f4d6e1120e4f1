package dev.baton.snapshot;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import dev.baton.snapshot.domain.OpenTurns;
import dev.baton.snapshot.domain.SessionFacts;
import dev.baton.snapshot.domain.Watermark;
import dev.baton.snapshot.turn.SnapshotReader;
import dev.baton.snapshot.turn.StoreException;
import dev.baton.snapshot.turn.StoredObject;
import dev.baton.snapshot.turn.TopicHistory;
import dev.baton.snapshot.turn.TurnWriter;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.service.Metrics;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;

import static dev.baton.snapshot.domain.Records.CHAT;
import static dev.baton.snapshot.domain.Records.turnComplete;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BoundaryQueueTest {
    private static final SessionKey OTHER = new SessionKey("env_dev", "chat-2");
    private static final TopicHistory EMPTY_TOPICS = new TopicHistory() {
        @Override
        public List<StoredRecord> out(int partition, SessionKey key, long from, long to) {
            return List.of();
        }

        @Override
        public List<StoredRecord> in(int partition, SessionKey key, long sinceMs) {
            return List.of();
        }

        @Override
        public long outOffsetAt(int partition, long sinceMs) {
            return 0;
        }
    };

    private final OpenTurns turns = new OpenTurns();
    private final List<Boundary> reports = new ArrayList<>();
    private final List<String> written = new ArrayList<>();
    private final Set<String> failing = new HashSet<>();
    private Instant now = Instant.EPOCH;
    private boolean rowKnown = true;
    private boolean reportsFail;
    private long fencedGeneration;
    private final StoreHealth health = new StoreHealth(() -> now);
    private final BoundaryQueue queue = queue();

    BoundaryQueueTest() {
        turns.assign(0, new Watermark(0, 0));
    }

    @Test
    void aStoredBoundaryIsReportedAndLetsTheWatermarkGo() {
        // Given
        boundary(CHAT, 0);

        // When
        rounds(2);

        // Then
        assertEquals(1, written.size());
        assertEquals(List.of(0L), reportedSeqs());
        assertEquals(1, turns.partition(0).watermark().out());
        assertEquals(0, queue.size());
    }

    @Test
    void aStoreInTroubleDelaysTheReportOnlyALittleAndTheSnapshotIsNotLost() {
        // Given
        failing.add("chat-1");
        boundary(CHAT, 0);
        rounds(2);
        List<Long> early = reportedSeqs();

        // When
        now = now.plus(BoundaryQueue.REPORT_PATIENCE);
        rounds(2);

        // Then
        assertEquals(List.of(), early);
        assertEquals(List.of(0L), reportedSeqs());
        assertEquals(0, turns.partition(0).watermark().out());
        failing.clear();
        now = now.plusSeconds(10);
        rounds(2);
        assertEquals(1, written.size());
        assertEquals(List.of(0L), reportedSeqs());
        assertEquals(1, turns.partition(0).watermark().out());
    }

    @Test
    void otherSessionsGoOnWhileOneWaits() {
        // Given
        failing.add("chat-1");
        boundary(CHAT, 0);
        boundary(CHAT, 1);
        boundary(OTHER, 2);

        // When
        rounds(3);

        // Then
        assertEquals(List.of(2L), reportedSeqs());
        assertEquals(2, queue.size());
    }

    @Test
    void theSecondBoundaryOfASessionWaitsForTheFirst() {
        // Given
        boundary(CHAT, 0);
        boundary(CHAT, 1);

        // When
        rounds(1);

        // Then
        assertEquals(List.of(0L), reportedSeqs());
        rounds(3);
        assertEquals(List.of(0L, 1L), reportedSeqs());
    }

    @Test
    void aReportThatFailsIsSentAgain() {
        // Given
        reportsFail = true;
        boundary(CHAT, 0);
        rounds(1);
        reportsFail = false;

        // When
        rounds(3);

        // Then
        assertEquals(List.of(0L, 0L), reportedSeqs());
        assertEquals(1, written.size());
        assertEquals(0, queue.size());
    }

    @Test
    void aBoundaryWaitsForTheRowOfItsSessionButNotForever() {
        // Given
        rowKnown = false;
        boundary(CHAT, 0);
        rounds(2);
        now = now.plusSeconds(5);
        rounds(2);
        int waiting = queue.size();

        // When
        now = now.plus(BoundaryQueue.ROW_PATIENCE);
        rounds(2);

        // Then
        assertEquals(1, waiting);
        assertEquals(0, queue.size());
        assertEquals(List.of(), reportedSeqs());
        assertEquals(1, turns.partition(0).watermark().out());
    }

    @Test
    void aBoundaryOfAVoidWriterIsNeitherStoredNorReported() {
        // Given
        fencedGeneration = 2;
        boundary(CHAT, 0);

        // When
        rounds(2);
        now = now.plus(BoundaryQueue.REPORT_PATIENCE);
        rounds(2);

        // Then
        assertEquals(0, queue.size());
        assertEquals(List.of(), reportedSeqs());
    }

    @Test
    void aRevokedPartitionIsForgotten() {
        // Given
        failing.add("chat-1");
        boundary(CHAT, 0);
        rounds(1);

        // When
        turns.revoke(0);
        queue.revoke(0);
        now = now.plusSeconds(10);
        rounds(2);

        // Then
        assertEquals(0, queue.size());
        assertEquals(List.of(), reportedSeqs());
    }

    @Test
    void aStoreThatFailsForLongMakesTheServiceNotReady() {
        // Given
        failing.add("chat-1");
        boundary(CHAT, 0);
        rounds(1);
        boolean early = health.usable();

        // When
        now = now.plus(StoreHealth.TROUBLE_MAX);

        // Then
        assertTrue(early);
        assertFalse(health.usable());
        failing.clear();
        rounds(1);
        now = now.plusSeconds(1);
        rounds(1);
        assertTrue(health.usable());
    }

    private BoundaryQueue queue() {
        Environments environments = new Environments(
                List.of(new Environment("env_dev", "dev", "p", List.of("k"))));
        SnapshotReader reader = object -> {
            if (failing.stream().anyMatch(object::contains)) {
                throw new StoreException("down", null);
            }
            return new StoredObject.Absent();
        };
        TurnWriter writer = new TurnWriter(this::row, environments, reader,
                (object, snapshot, etag) -> written.add(object), EMPTY_TOPICS, () -> now);
        return new BoundaryQueue(writer, boundary -> {
            reports.add(boundary);
            return reportsFail
                    ? CompletableFuture.failedFuture(new IllegalStateException("refused"))
                    : CompletableFuture.completedFuture(null);
        }, Runnable::run, () -> now, health, new SnapshotterMetrics(new Metrics().registry()));
    }

    private Optional<SessionFacts> row(SessionKey key) {
        return rowKnown
                ? Optional.of(new SessionFacts(key.chatId(), 0, -1, -1, Math.max(1, fencedGeneration),
                        fencedGeneration > 0 ? 0 : -1, null, false, null))
                : Optional.empty();
    }

    private void boundary(SessionKey key, long outSeq) {
        turns.out(0, turnComplete(key, outSeq + (fencedGeneration > 0 ? 1 : 0), 1, Boundary.NONE_CONSUMED));
        turns.partition(0).inEnd(0);
        turns.partition(0).takeReady().forEach(ready -> queue.add(new BoundaryTask(0, ready, now)));
    }

    private void rounds(int count) {
        for (int i = 0; i < count; i++) {
            queue.advance(turns);
        }
    }

    private List<Long> reportedSeqs() {
        return reports.stream().map(Boundary::outSeq).toList();
    }
}
