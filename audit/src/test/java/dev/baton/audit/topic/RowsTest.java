package dev.baton.audit.topic;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.audit.Story;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RowsTest {
    private static final Story STORY = new Story().run(RunReason.INITIAL);
    private static final Map<SessionKey, SessionRow> NONE = Map.of();
    private static final Map<SessionKey, SessionRow> CREATED = Map.of(Story.CHAT, STORY.row());
    private static final Map<SessionKey, List<SessionRunRow>> RUNS = Map.of(Story.CHAT, STORY.evidence().runs());

    @Test
    @DisplayName("a session that is created between the two reads is left out: it is too new to be judged")
    void aNewSessionIsLeftOut() {
        // When
        Rows rows = Rows.of(NONE, RUNS, () -> CREATED);

        // Then
        assertTrue(rows.keys().isEmpty() && rows.keysOfRuns().isEmpty());
    }

    @Test
    @DisplayName("provenance whose session has no row even afterwards stays, for somebody to find")
    void provenanceWithoutARowStays() {
        // When
        Rows rows = Rows.of(NONE, RUNS, () -> NONE);

        // Then
        assertEquals(Set.of(Story.CHAT), Set.copyOf(rows.keysOfRuns()));
    }

    @Test
    @DisplayName("a session that is deleted between the two reads is judged by its receipt")
    void aDeletedSessionIsAReceipt() {
        // Given
        Map<SessionKey, SessionRow> deleted = Map.of(Story.CHAT, Story.deleted(STORY.row()));

        // When
        Rows rows = Rows.of(CREATED, Map.of(), () -> deleted);

        // Then
        assertTrue(rows.session(Story.CHAT).deleted());
    }

    @Test
    @DisplayName("nothing is read twice where everything has its row")
    void nothingIsReadTwice() {
        // When
        Rows rows = Rows.of(CREATED, RUNS, () -> {
            throw new AssertionError("read again");
        });

        // Then
        assertEquals(1, rows.runs(Story.CHAT).size());
    }
}
