package dev.baton.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.snapshot.domain.SessionFacts;
import dev.baton.snapshot.turn.StoreException;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** When the name of a deleted session's snapshot is cleared (PROTOCOL 2.25). */
class DeletedSnapshotsTest {
    private static final Instant DELETED_AT = Instant.parse("2026-01-31T12:00:00Z");
    private static final String OBJECT = "packets/proj_local/dev/sessions/session_1/snapshot.json";
    private static final Environments ENVIRONMENTS = new Environments(
            List.of(new Environment("env_dev", "dev", "proj_local", List.of("tr_dev_x"))));

    private final List<String> removed = new ArrayList<>();
    private boolean down;
    private Instant now = DELETED_AT;
    private final DeletedSnapshots deleted = new DeletedSnapshots(this::remove, ENVIRONMENTS, () -> now,
            new SnapshotterMetrics(new SimpleMeterRegistry()));

    private void remove(String object) {
        if (down) {
            throw new StoreException("down", null);
        }
        removed.add(object);
    }

    private void receipt(String environmentId) {
        deleted.receipt(new SessionKey(environmentId, "chat-1"), new SessionFacts("session_1", 0, -1, -1, 1, 0,
                DELETED_AT.toEpochMilli(), false, DELETED_AT.toEpochMilli()));
    }

    /** How many removals there have been when so much time has passed. */
    private int removalsAfter(Duration time) {
        now = DELETED_AT.plus(time);
        deleted.clearDue();
        return removed.size();
    }

    @Test
    @DisplayName("PROTOCOL 2.25: a snapshot goes at once, after the turns that were under way and after the URLs that were handed out")
    void aNameIsClearedUntilNobodyCanWriteToIt() {
        // Given
        receipt("env_dev");

        // When, Then
        assertEquals(1, removalsAfter(Duration.ZERO));
        assertEquals(1, removalsAfter(Duration.ofSeconds(59)));
        assertEquals(2, removalsAfter(Duration.ofSeconds(60)));
        assertEquals(2, removalsAfter(Duration.ofMinutes(60)));
        assertEquals(3, removalsAfter(Duration.ofMinutes(61)));
        assertEquals(3, removalsAfter(Duration.ofDays(30)));
        assertEquals(List.of(OBJECT, OBJECT, OBJECT), removed);
    }

    @Test
    void aStoreThatIsAwayIsAskedAgain() {
        // Given
        down = true;
        receipt("env_dev");
        removalsAfter(Duration.ZERO);
        down = false;

        // When, Then
        assertEquals(0, removalsAfter(Duration.ofSeconds(4)));
        assertEquals(1, removalsAfter(Duration.ofSeconds(5)));
    }

    @Test
    void aStartClearsWhatWasDeletedMeanwhileOnceAndLeavesOldReceiptsAlone() {
        // Given
        now = DELETED_AT.plus(DeletedSnapshots.RECEIPT_AGE_MAX);
        receipt("env_dev");
        now = now.plusMillis(1);
        receipt("env_dev");

        // When, Then
        assertEquals(1, removalsAfter(DeletedSnapshots.RECEIPT_AGE_MAX.plusDays(1)));
    }

    @Test
    void anEnvironmentThatIsNotOursHasNoName() {
        // Given
        receipt("env_elsewhere");

        // When, Then
        assertEquals(0, removalsAfter(Duration.ofDays(1)));
    }
}
