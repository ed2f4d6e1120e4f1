package dev.baton.wire.service;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ArrivingBodyTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void aBodyIsReadUpToOneByteMoreThanAllowed() throws IOException {
        // Given
        byte[] sent = new byte[100_000];

        // When
        byte[] whole = ArrivingBody.read(new ByteArrayInputStream(sent), 100_000, LONG);
        byte[] tooLarge = ArrivingBody.read(new ByteArrayInputStream(sent), 99_998, LONG);

        // Then
        assertEquals(100_000, whole.length);
        assertEquals(99_999, tooLarge.length);
    }

    @Test
    void aBodyThatComesByteAfterByteIsGivenUp() {
        // Given: it never ends
        InputStream drip = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] into, int at, int length) {
                into[at] = 'x';
                return 1;
            }
        };

        // When
        long startedAt = System.nanoTime();
        assertThrows(ArrivingBody.TooSlow.class,
                () -> ArrivingBody.read(drip, Integer.MAX_VALUE - 8, Duration.ofMillis(20)));
        assertThrows(ArrivingBody.TooSlow.class,
                () -> ArrivingBody.discard(drip, Long.MAX_VALUE, Duration.ofMillis(20)));

        // Then
        assertTrue(System.nanoTime() - startedAt < LONG.toNanos());
    }
}
