package dev.baton.agent.http;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BackOffTest {
    @Test
    void pausesDoubleUpToTheBoundAndBeginAgainAfterAReset() {
        // Given
        BackOff backOff = new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ZERO);

        // When
        List<Long> seconds = Stream.generate(backOff::next).limit(7).map(Duration::toSeconds).toList();
        backOff.reset();

        // Then
        assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 30L, 30L), seconds);
        assertEquals(Duration.ofSeconds(1), backOff.next());
    }

    @Test
    void theRandomPartStaysWithinItsBound() {
        // Given
        BackOff tails = BackOff.ofTails();

        // When
        Duration first = tails.next();

        // Then
        assertTrue(first.compareTo(Duration.ofSeconds(1)) >= 0 && first.compareTo(Duration.ofSeconds(2)) < 0);
    }
}
