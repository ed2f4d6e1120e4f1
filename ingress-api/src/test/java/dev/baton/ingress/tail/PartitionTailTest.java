package dev.baton.ingress.tail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import org.junit.jupiter.api.Test;

import dev.baton.ingress.log.FakeLog;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** design D6: wherever a cursor points to, each record behind it arrives exactly once, in order. */
class PartitionTailTest {
    private static final SessionKey CHAT = new SessionKey("env_dev", "chat-1");
    private static final SessionKey OTHER = new SessionKey("env_dev", "chat-2");
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** A handful of the records below. */
    private static final long SMALL_RING = 1500;
    private static final Executor SAME_THREAD = Runnable::run;

    @Test
    void everyCursorPositionGetsEachLaterRecordExactlyOnce() throws InterruptedException {
        // Given: 40 records, of which only the last few are in the ring
        FakeLog log = new FakeLog(Channel.OUT, SMALL_RING, SAME_THREAD);
        for (int i = 0; i < 40; i++) {
            log.store(i % 3 == 0 ? OTHER : CHAT, "record " + i);
        }
        log.deliver();
        for (long cursor = -1; cursor < 42; cursor++) {
            try (Subscription reader = log.tail().subscribe(new ReadPlan(CHAT, cursor + 1, cursor, 0, false))) {
                // When
                List<Long> seqs = readToEnd(reader);

                // Then
                assertEquals(seqsOf(log, CHAT, cursor), seqs, "cursor " + cursor);
            }
        }
    }

    @Test
    void aReaderFromTheLogJoinsTheLiveTailWithoutGapOrDuplicate() throws InterruptedException {
        // Given
        FakeLog log = new FakeLog(Channel.OUT, SMALL_RING, SAME_THREAD);
        store(log, CHAT, 30);
        log.deliver();
        try (Subscription reader = log.tail().subscribe(new ReadPlan(CHAT, 5, 4, 0, true))) {
            List<Long> seqs = readUntilSilent(reader);

            // When
            store(log, CHAT, 3);
            log.deliver();
            seqs.addAll(readUntilSilent(reader));

            // Then
            assertEquals(seqsOf(log, CHAT, 4), seqs);
        }
    }

    @Test
    void readersWhileWritersAndPassesAreBusySeeEachRecordOnce() throws InterruptedException {
        // Given
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        FakeLog log = new FakeLog(Channel.OUT, SMALL_RING, task -> Thread.ofVirtual().start(task));
        store(log, CHAT, 50);
        log.deliver();
        List<List<Long>> seen = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(30);
        int total = 1050;

        // When
        for (int i = 0; i < 30; i++) {
            long cursor = random.nextInt(-1, 60);
            Thread.ofVirtual().start(() -> {
                try (Subscription reader = log.tail().subscribe(new ReadPlan(CHAT, cursor + 1, cursor, 0, true))) {
                    seen.add(readUntil(reader, total - 1));
                } finally {
                    done.countDown();
                }
            });
        }
        for (int i = 0; i < 1000; i++) {
            store(log, CHAT, 1);
            log.deliver();
            Thread.yield();
        }

        // Then
        assertTrue(done.await(30, TimeUnit.SECONDS), "seed " + seed);
        for (List<Long> seqs : seen) {
            assertEquals(seqsOf(log, CHAT, seqs.getFirst() - 1), seqs);
            assertEquals(total - 1, seqs.getLast());
        }
        assertEquals(30, seen.size());
    }

    @Test
    void manyReadersOfTheSameAgeCostOneScan() throws InterruptedException {
        // Given: passes are held back until all readers wait
        List<Runnable> held = new ArrayList<>();
        FakeLog log = new FakeLog(Channel.OUT, SMALL_RING, held::add);
        store(log, CHAT, 60);
        log.deliver();
        List<Subscription> readers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            readers.add(log.tail().subscribe(new ReadPlan(CHAT, i, i - 1, 0, false)));
            assertInstanceOf(Delivery.Silence.class, readers.getLast().take(AT_ONCE));
        }

        // When
        held.forEach(Runnable::run);

        // Then
        assertEquals(1, log.scans());
        for (int i = 0; i < 20; i++) {
            assertEquals(seqsOf(log, CHAT, i - 1), readToEnd(readers.get(i)));
        }
    }

    @Test
    void aHistoryLargerThanTheQueueComesInSeveralPasses() throws InterruptedException {
        // Given: ten records of 300 kB, a queue of 1 MiB
        FakeLog log = new FakeLog(Channel.OUT, SMALL_RING, SAME_THREAD);
        for (int i = 0; i < 10; i++) {
            log.store(CHAT, "x".repeat(300_000));
        }
        store(log, CHAT, 20);
        log.deliver();
        try (Subscription reader = log.tail().subscribe(new ReadPlan(CHAT, 0, -1, 0, false))) {
            // When
            List<Long> seqs = readToEnd(reader);

            // Then
            assertEquals(seqsOf(log, CHAT, -1), seqs);
            assertTrue(log.scans() > 1);
        }
    }

    @Test
    void aSlowReaderIsBrokenAfterWhatItHasAndNobodyElseIs() throws InterruptedException {
        // Given: two live readers, one of which does not take
        FakeLog log = new FakeLog(Channel.OUT, 64 * 1024 * 1024, SAME_THREAD);
        Subscription slow = log.tail().subscribe(new ReadPlan(CHAT, 0, -1, 0, true));
        Subscription quick = log.tail().subscribe(new ReadPlan(CHAT, 0, -1, 0, true));
        slow.take(AT_ONCE);
        List<Long> quickSeqs = readUntilSilent(quick);

        // When
        for (int i = 0; i < 10; i++) {
            log.store(CHAT, "x".repeat(300_000));
            log.deliver();
            quickSeqs.addAll(readUntilSilent(quick));
        }

        // Then
        List<Long> slowSeqs = new ArrayList<>();
        Delivery last = readAll(slow, slowSeqs);
        assertInstanceOf(Delivery.Broken.class, last);
        assertEquals(List.of(0L, 1L, 2L), slowSeqs);
        assertEquals(seqsOf(log, CHAT, -1), quickSeqs);
        assertEquals(List.of(3L), readFirst(log, 2));
    }

    @Test
    void fencesAndTheRecordsOfSupersededRunsStayHidden() throws InterruptedException {
        // Given
        FakeLog log = new FakeLog(Channel.OUT, SMALL_RING, SAME_THREAD);
        write(log, 1);
        log.store(CHAT, new ChannelRecord("", List.of()), new Writer(0, "run_b"), 2);
        write(log, 1);
        write(log, 2);
        store(log, OTHER, 30);
        log.deliver();
        try (Subscription reader = log.tail().subscribe(new ReadPlan(CHAT, 0, -1, 0, false))) {
            // When
            List<Long> seqs = readToEnd(reader);

            // Then
            assertEquals(List.of(0L, 3L), seqs);
        }
    }

    @Test
    void aBatchNamesTheTailOnceItIsKnown() throws InterruptedException {
        // Given: everything is in the ring, more than one delivery holds
        FakeLog log = new FakeLog(Channel.OUT, 64 * 1024 * 1024, SAME_THREAD);
        log.store(CHAT, "x".repeat(200_000));
        log.store(CHAT, "x".repeat(200_000));
        TailEntry last = log.store(CHAT, "end");
        log.store(OTHER, "not mine");
        log.deliver();
        try (Subscription reader = log.tail().subscribe(new ReadPlan(CHAT, 0, -1, 0, true))) {
            // When
            Delivery.Records first = assertInstanceOf(Delivery.Records.class, reader.take(AT_ONCE));

            // Then
            assertEquals(1, first.entries().size());
            assertEquals(new TailPosition(3, last.timestampMs()), first.tail());
        }
    }

    @Test
    void stoppingEndsAllReaders() throws InterruptedException {
        // Given
        FakeLog log = new FakeLog(Channel.OUT, SMALL_RING, SAME_THREAD);
        Subscription reader = log.tail().subscribe(new ReadPlan(CHAT, 0, -1, 0, true));
        reader.take(AT_ONCE);

        // When
        log.tail().endAll("stop");

        // Then
        assertEquals(new Delivery.Broken("stop"), reader.take(PATIENCE));
        assertEquals(0, log.tail().subscriptions());
    }

    @Test
    void aBarrierWaitsForThePositionAndNotForARecord() throws InterruptedException {
        // Given
        FakeLog log = new FakeLog(Channel.IN, SMALL_RING, SAME_THREAD);

        // When: a commit marker moves the position without a record
        log.tail().append(List.of(), 5);

        // Then
        assertTrue(log.tail().awaitPosition(5, AT_ONCE));
        assertFalse(log.tail().awaitPosition(6, Duration.ofMillis(1)));
    }

    private static void write(FakeLog log, long generation) {
        log.store(CHAT, ChannelRecord.ofText("by " + generation, "id"), new Writer(generation, "run_" + generation), 0);
    }

    private static List<Long> readFirst(FakeLog log, long cursor) throws InterruptedException {
        try (Subscription back = log.tail().subscribe(new ReadPlan(CHAT, cursor + 1, cursor, 0, true))) {
            Delivery.Records first = assertInstanceOf(Delivery.Records.class, back.take(PATIENCE));
            return first.entries().stream().map(TailEntry::seq).toList();
        }
    }

    private static void store(FakeLog log, SessionKey key, int count) {
        for (int i = 0; i < count; i++) {
            log.store(key, "record");
        }
    }

    private static List<Long> seqsOf(FakeLog log, SessionKey key, long cursor) {
        return log.stored().stream().filter(entry -> entry.key().equals(key) && entry.seq() > cursor)
                .map(TailEntry::seq).toList();
    }

    private static List<Long> readToEnd(Subscription reader) throws InterruptedException {
        List<Long> seqs = new ArrayList<>();
        assertInstanceOf(Delivery.Finished.class, readAll(reader, seqs));
        return seqs;
    }

    private static List<Long> readUntilSilent(Subscription reader) throws InterruptedException {
        List<Long> seqs = new ArrayList<>();
        assertInstanceOf(Delivery.Silence.class, readAll(reader, seqs));
        return seqs;
    }

    /** Returns what followed the last record. */
    private static Delivery readAll(Subscription reader, List<Long> seqs) throws InterruptedException {
        while (true) {
            Delivery delivery = reader.take(AT_ONCE);
            if (!(delivery instanceof Delivery.Records records)) {
                return delivery;
            }
            records.entries().forEach(entry -> seqs.add(entry.seq()));
        }
    }

    private static List<Long> readUntil(Subscription reader, long lastSeq) {
        List<Long> seqs = new ArrayList<>();
        try {
            while (seqs.isEmpty() || seqs.getLast() < lastSeq) {
                if (reader.take(PATIENCE) instanceof Delivery.Records records) {
                    records.entries().forEach(entry -> seqs.add(entry.seq()));
                } else {
                    return seqs;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return seqs;
    }
}
