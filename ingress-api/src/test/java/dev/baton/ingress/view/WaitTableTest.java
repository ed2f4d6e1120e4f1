package dev.baton.ingress.view;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.baton.wire.session.WaitRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an ingress remembers of waits, and for how long (decision 0010). */
class WaitTableTest {
    private final MovedClock clock = new MovedClock();
    private final WaitTable table = new WaitTable(clock);

    @Test
    void aWaitIsFoundInItsEnvironmentAndItsLatestRowStays() {
        // Given
        WaitRow pending = wait("waitpoint_c1", 50L);
        table.put(pending);
        WaitRow completed = pending.completed(3, 20);

        // When
        table.put(completed);

        // Then
        assertEquals(0, table.pending());
        clock.now = 50;
        assertEquals(0, table.pending());
        assertEquals(completed, table.find("env_dev", "waitpoint_c1").orElseThrow());
        assertTrue(table.find("env_prod", "waitpoint_c1").isEmpty());
    }

    @Test
    void aWaitThatHasTimedOutIsStillFound() {
        // Given
        WaitRow timed = wait("waitpoint_c1", 50L);
        table.put(timed);
        assertEquals(1, table.pending());

        // When
        clock.now = 50;

        // Then
        assertEquals(0, table.pending());
        assertEquals(timed, table.find("env_dev", "waitpoint_c1").orElseThrow());
    }

    @Test
    void theOldestSettledWaitsAreForgottenAndPendingOnesNever() {
        // Given
        WaitRow pending = wait("waitpoint_cpending", null);
        table.put(pending);

        // When
        for (int i = 0; i <= WaitTable.SETTLED_MAX; i++) {
            WaitRow settled = wait("waitpoint_c" + i, null);
            table.put(settled);
            table.put(settled.completed(i, 20));
        }

        // Then
        assertTrue(table.find("env_dev", "waitpoint_c0").isEmpty());
        assertTrue(table.find("env_dev", "waitpoint_c1").isPresent());
        assertEquals(pending, table.find("env_dev", "waitpoint_cpending").orElseThrow());
        assertEquals(1, table.pending());
    }

    private static WaitRow wait(String waitpointId, Long timeoutAt) {
        return new WaitRow(WaitRow.FORMAT, waitpointId, "env_dev", "chat-1", "in", "run_1", List.of(), 10, timeoutAt,
                null, null);
    }

    private static final class MovedClock extends Clock {
        private long now = 10;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(now);
        }
    }
}
