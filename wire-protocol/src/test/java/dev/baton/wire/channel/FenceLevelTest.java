package dev.baton.wire.channel;

import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** design D5. */
class FenceLevelTest {
    private record Written(String what, long fence, long generation) {}

    @Test
    void whatASupersededRunWritesBehindTheFenceOfItsSuccessorIsHidden() {
        // Given
        FenceLevel level = new FenceLevel(0);
        List<Written> log = List.of(new Written("first run", 0, 1), new Written("fence", 2, 0),
                new Written("late", 0, 1), new Written("second run", 0, 2), new Written("later", 0, 1),
                new Written("secret key", 0, 0));

        // When
        List<String> admitted = log.stream().filter(each -> level.admits(each.fence(), each.generation()))
                .map(Written::what).toList();

        // Then: a writer that names no run is never hidden
        assertEquals(List.of("first run", "fence", "second run", "secret key"), admitted);
    }

    @Test
    void aReaderThatStartsBehindAFenceLearnsItFromTheSuccessorsRecords() {
        // Given: the fence of generation 2 was before
        FenceLevel level = new FenceLevel(0);

        // When, Then
        assertTrue(level.admits(0, 2));
        assertFalse(level.admits(0, 1));
    }

    @Test
    void aReaderThatIsToldTheLevelHidesOlderGenerationsFromTheStart() {
        // Given
        LongPredicate admitted = generation -> new FenceLevel(3).admits(0, generation);

        // When
        List<Long> generations = LongStream.range(0, 5).filter(admitted).boxed().toList();

        // Then
        assertEquals(List.of(0L, 3L, 4L), generations);
    }
}
