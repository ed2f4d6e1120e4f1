package dev.baton.ingress.view;

import org.junit.jupiter.api.Test;

import dev.baton.ingress.Rows;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** design D12, contract §0.9. */
class SessionTableTest {
    private static final SessionKey CHAT = new SessionKey("env_dev", "user/1");

    private final SessionTable table = new SessionTable();

    @Test
    void bothFormsOfTheIdFindTheRowAndOtherEnvironmentsDoNot() {
        // Given
        SessionRow row = Rows.open("user/1");

        // When
        table.put(row);

        // Then
        assertEquals(row, table.find("env_dev", "user/1").orElseThrow());
        assertEquals(row, table.find("env_dev", Rows.SESSION_ID).orElseThrow());
        assertTrue(table.find("env_prod", "user/1").isEmpty());
        assertTrue(table.find("env_prod", Rows.SESSION_ID).isEmpty());
    }

    @Test
    void theNewerRowStaysWhoeverBringsIt() {
        // Given
        SessionRow newer = Rows.ofGeneration("user/1", 3);
        table.put(newer);

        // When
        table.put(Rows.ofGeneration("user/1", 2));

        // Then
        assertEquals(newer, table.find("env_dev", "user/1").orElseThrow());
    }

    @Test
    void aRemovedRowIsGoneUnderBothForms() {
        // Given
        table.put(Rows.open("user/1"));

        // When
        table.remove(CHAT);

        // Then
        assertTrue(table.find("env_dev", "user/1").isEmpty());
        assertTrue(table.find("env_dev", Rows.SESSION_ID).isEmpty());
    }
}
