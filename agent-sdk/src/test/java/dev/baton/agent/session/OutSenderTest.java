package dev.baton.agent.session;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.http.SupersededException;
import dev.baton.wire.json.WireJson;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(20)
class OutSenderTest {
    private final List<Integer> batchSizes = new CopyOnWriteArrayList<>();
    private final List<OutgoingRecord> stored = new CopyOnWriteArrayList<>();
    private final Semaphore mayLand = new Semaphore(0);

    private long append(List<OutgoingRecord> batch) throws InterruptedException {
        batchSizes.add(batch.size());
        mayLand.acquire();
        stored.addAll(batch);
        return stored.size() - 1L;
    }

    private static OutgoingRecord record(int number) {
        return OutgoingRecord.ofChunk(WireJson.MAPPER.createObjectNode().put("n", number));
    }

    private static OutgoingRecord recordOf(int chars) {
        return OutgoingRecord.ofChunk(WireJson.MAPPER.createObjectNode().put("text", "x".repeat(chars)));
    }

    @Test
    void theFirstRecordGoesAtOnceAndTheRestTogetherWhenItHasLanded() throws InterruptedException {
        try (OutSender sender = new OutSender(this::append, "test")) {
            // Given
            List<OutgoingRecord> records = List.of(record(0), record(1), record(2), record(3));
            sender.send(records.getFirst());
            await().until(() -> batchSizes.size() == 1);
            for (OutgoingRecord record : records.subList(1, 4)) {
                sender.send(record);
            }

            // When
            mayLand.release(2);
            sender.flush();

            // Then
            assertEquals(List.of(1, 3), batchSizes);
            assertEquals(records, stored);
        }
    }

    @Test
    void aFlushWaitsForWhatIsInFlight() throws InterruptedException {
        try (OutSender sender = new OutSender(this::append, "test")) {
            // Given
            sender.send(record(0));
            await().until(() -> batchSizes.size() == 1);
            Thread flusher = Thread.ofVirtual().start(() -> {
                try {
                    sender.flush();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            await().during(Duration.ofMillis(50)).until(flusher::isAlive);

            // When
            mayLand.release();

            // Then
            assertTrue(flusher.join(Duration.ofSeconds(5)));
            assertEquals(1, stored.size());
        }
    }

    @Test
    void batchesStayWithinTheBytesThatTheServerTakes() throws InterruptedException {
        try (OutSender sender = new OutSender(this::append, "test")) {
            // Given
            mayLand.release(100);

            // When
            for (int i = 0; i < 10; i++) {
                sender.send(recordOf(700_000));
            }
            sender.flush();

            // Then
            assertEquals(10, batchSizes.size());
            assertEquals(10, stored.size());
        }
    }

    @Test
    void whileTheServerIsAwayTheWriterGoesOnUpToTheBoundAndThenWaitsAndAllIsStoredOnceInOrder()
            throws InterruptedException {
        try (OutSender sender = new OutSender(this::append, "test")) {
            // Given
            List<OutgoingRecord> records = IntStream.range(0, 12).mapToObj(_ -> recordOf(1_000_000)).toList();
            int fitting = 1 + (int) (OutSender.BUFFER_BYTES_MAX / records.getFirst().record().meteredBytes());
            AtomicInteger handedOver = new AtomicInteger();
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    for (OutgoingRecord record : records) {
                        sender.send(record);
                        handedOver.incrementAndGet();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            await().until(() -> writer.getState() == Thread.State.WAITING);
            int whileAway = handedOver.get();

            // When
            mayLand.release(records.size());

            // Then
            assertTrue(writer.join(Duration.ofSeconds(5)));
            sender.flush();
            assertEquals(fitting, whileAway);
            assertEquals(records, stored);
        }
    }

    @Test
    void afterAFailureEveryCallThrowsIt() throws InterruptedException {
        SupersededException failure = new SupersededException("stale");
        try (OutSender sender = new OutSender(_ -> {
            throw failure;
        }, "test")) {
            // Given
            sender.send(record(0));

            // When
            SupersededException first = assertThrows(SupersededException.class, sender::flush);

            // Then
            assertSame(failure, first);
            assertSame(failure, assertThrows(SupersededException.class, () -> sender.send(record(1))));
        }
    }

    @Test
    void aRecordLargerThanARecordMayBeIsRefusedAndTheOthersGoOn() throws InterruptedException {
        try (OutSender sender = new OutSender(this::append, "test")) {
            // Given
            mayLand.release(1);

            // When
            assertThrows(IllegalArgumentException.class, () -> sender.send(recordOf(1_048_576)));

            // Then
            sender.send(record(0));
            sender.flush();
            assertEquals(1, stored.size());
        }
    }
}
