package dev.baton.snapshot.turn;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.baton.snapshot.domain.FenceFilter;
import dev.baton.snapshot.domain.OpenTurns;
import dev.baton.snapshot.domain.PartitionTurns;
import dev.baton.snapshot.domain.SessionFacts;
import dev.baton.snapshot.domain.Watermark;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.history.TurnFold;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Seeded histories; a failure names its seed. */
class RandomHistoryTest {
    private static final Environments ENVIRONMENTS = new Environments(
            List.of(new Environment("env_dev", "dev", "p", List.of("k"))));

    private final MemoryStore store = new MemoryStore();
    private OpenTurns open;
    private TurnWriter writer;
    private int outAt;

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theSnapshotsAreTheFoldOfEverythingWhateverRestartsInBetween(long seed) {
        // Given
        RandomHistory history = new RandomHistory(seed);
        Random random = new Random(seed);

        // When
        run(history, step -> random.nextInt(4) == 0, random);

        // Then
        assertEquals(expected(history), stored(), "seed " + seed);
    }

    @Test
    void aRestartAtEveryStepGivesTheSameObjects() {
        for (long seed = 1_000; seed < 1_010; seed++) {
            // Given
            RandomHistory history = new RandomHistory(seed);

            // When
            run(history, step -> true, new Random(seed));

            // Then
            assertEquals(expected(history), stored(), "seed " + seed);
            store.objects.clear();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aSnapshotAtAnyCutAndTheTailAfterItAreTheFoldOfEverything(long seed) {
        // Given
        RandomHistory history = new RandomHistory(seed);
        Map<SessionKey, List<Boundary>> boundaries = boundaries(history);

        boundaries.forEach((key, all) -> {
            Boundary last = all.getLast();
            List<ObjectNode> whole = fold(history, key, Optional.empty(), last).messages();
            for (Boundary cut : all) {
                // When
                Snapshot snapshot = fold(history, key, Optional.empty(), cut);
                List<ObjectNode> resumed = cut.equals(last)
                        ? snapshot.messages()
                        : fold(history, key, Optional.of(snapshot), last).messages();

                // Then
                assertEquals(whole, resumed, "seed " + seed + " cut " + cut.outSeq());
            }
        });
    }

    private interface Restarts {
        boolean after(int step);
    }

    /** Delivers both topics in random interleaving; at a restart all memory is lost and the watermark is where we go on. */
    private void run(RandomHistory history, Restarts restarts, Random random) {
        writer = new TurnWriter(key -> Optional.of(row(history, key)), ENVIRONMENTS, store, store, history.topics,
                () -> Instant.EPOCH);
        List<StoredRecord> out = history.topics.out;
        List<StoredRecord> in = history.topics.in;
        restart(new Watermark(0, 0));
        outAt = 0;
        int inAt = 0;
        int furthest = 0;
        for (int step = 0; outAt < out.size() || inAt < in.size(); step++) {
            boolean outNext = inAt >= in.size() || outAt < out.size() && random.nextBoolean();
            if (outNext) {
                StoredRecord record = out.get(outAt++);
                open.out(0, record);
            } else {
                open.in(0, in.get(inAt++));
            }
            int committed = outAt == 0 ? 0 : history.inBefore.get(outAt - 1);
            settle(committed * 2L, inAt * 2L);
            // Only at a place reached for the first time: going back must end.
            if (outAt + inAt > furthest && restarts.after(step)) {
                furthest = outAt + inAt;
                Watermark watermark = open.partition(0).watermark();
                restart(watermark);
                outAt = (int) watermark.out();
                inAt = (int) (watermark.in() / 2);
            }
        }
        settle(in.size() * 2L, in.size() * 2L);
    }

    private void restart(Watermark watermark) {
        open = new OpenTurns();
        open.assign(0, watermark);
    }

    private void settle(long inEnd, long inPosition) {
        PartitionTurns turns = open.partition(0);
        turns.positions(0, inPosition);
        if (turns.needsInEnd()) {
            turns.inEnd(inEnd);
        }
        for (Boundary boundary : turns.takeReady()) {
            TurnOutcome outcome = writer.write(turns.finished(boundary));
            if (outcome == TurnOutcome.VOID) {
                turns.voided(boundary);
            } else {
                assertTrue(outcome == TurnOutcome.WRITTEN || outcome == TurnOutcome.ALREADY_THERE, outcome::label);
                turns.done(boundary);
            }
        }
    }

    /** The row knows the newest fence among the records that are on the topic by now. */
    private SessionFacts row(RandomHistory history, SessionKey key) {
        Optional<StoredRecord> fence = history.topics.out.subList(0, outAt).stream()
                .filter(record -> record.isFence() && record.key().equals(key)).reduce((before, after) -> after);
        return new SessionFacts(key.chatId(), 0, -1, -1, fence.map(StoredRecord::fence).orElse(1L),
                fence.map(StoredRecord::offset).orElse(-1L), null, false, null);
    }

    private Map<SessionKey, List<ObjectNode>> stored() {
        Map<SessionKey, List<ObjectNode>> messages = new TreeMap<>(
                (a, b) -> a.chatId().compareTo(b.chatId()));
        store.objects.forEach((name, object) -> messages.put(new SessionKey("env_dev", name.split("/")[4]),
                ((StoredObject.Written) object).snapshot().messages()));
        return messages;
    }

    private static Map<SessionKey, List<ObjectNode>> expected(RandomHistory history) {
        Map<SessionKey, List<ObjectNode>> messages = new TreeMap<>(
                (a, b) -> a.chatId().compareTo(b.chatId()));
        boundaries(history).forEach((key, all) -> messages.put(key,
                fold(history, key, Optional.empty(), all.getLast()).messages()));
        return messages;
    }

    private static Map<SessionKey, List<Boundary>> boundaries(RandomHistory history) {
        FenceFilter fences = new FenceFilter();
        return history.topics.out.stream().filter(fences::accepts).flatMap(record -> Boundary.of(record).stream())
                .collect(java.util.stream.Collectors.groupingBy(Boundary::key));
    }

    private static Snapshot fold(RandomHistory history, SessionKey key, Optional<Snapshot> base, Boundary boundary) {
        FenceFilter fences = new FenceFilter();
        List<StoredRecord> out = history.topics.out.stream().filter(fences::accepts)
                .filter(record -> record.key().equals(key)).toList();
        List<StoredRecord> in = history.topics.in.stream().filter(record -> record.key().equals(key)).toList();
        return TurnFold.fold(base, in, out, boundary, 0);
    }
}
