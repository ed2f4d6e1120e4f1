package dev.baton.ingress.tail;

import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import dev.baton.wire.session.SessionKey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** design D5. */
class FenceFilterTest {
    private static final SessionKey CHAT = new SessionKey("env_dev", "chat-1");

    @Test
    void whatASupersededRunWritesBehindTheFenceOfItsSuccessorIsHidden() {
        // Given
        FenceFilter filter = new FenceFilter(0);
        List<TailEntry> log = List.of(record(0, 1), fence(1, 2), record(2, 1), record(3, 2), record(4, 1));

        // When
        List<Long> admitted = log.stream().filter(filter::admits).map(TailEntry::offset).toList();

        // Then
        assertEquals(List.of(0L, 1L, 3L), admitted);
    }

    @Test
    void aReaderThatStartsBehindAFenceLearnsItFromTheSuccessorsRecords() {
        // Given: the fence of generation 2 was before offset 10
        FenceFilter filter = new FenceFilter(0);

        // When, Then
        assertTrue(filter.admits(record(10, 2)));
        assertEquals(false, filter.admits(record(11, 1)));
    }

    @Test
    void aReaderThatIsToldTheLevelHidesOlderGenerationsFromTheStart() {
        // Given
        LongPredicate admitted = generation -> new FenceFilter(3).admits(record(10, generation));

        // When
        List<Long> generations = LongStream.range(0, 5).filter(admitted).boxed().toList();

        // Then: a writer that names no run is never hidden
        assertEquals(List.of(0L, 3L, 4L), generations);
    }

    private static TailEntry record(long offset, long generation) {
        return new TailEntry(CHAT, offset, offset, 0, generation, 0, true, false, new byte[0]);
    }

    private static TailEntry fence(long offset, long generation) {
        return new TailEntry(CHAT, offset, offset, 0, 0, generation, false, false, new byte[0]);
    }
}
