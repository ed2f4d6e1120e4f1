package dev.baton.bench;

import java.util.stream.LongStream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class SpreadTest {
    @Test
    @DisplayName("percentiles are values that were measured, by nearest rank")
    void percentilesAreValuesThatWereMeasured() {
        // Given
        Spread spread = Spread.of(LongStream.rangeClosed(1, 200).map(n -> (201 - n) * 1_000_000).toArray());

        // Then
        assertEquals("100.0 | 180.0 | 198.0 | 200.0", spread.row());
    }

    @Test
    @DisplayName("nothing measured is no result")
    void nothingMeasuredIsNoResult() {
        assertThrows(IllegalArgumentException.class, Spread::of);
    }
}
