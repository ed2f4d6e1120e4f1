package dev.baton.wire.json;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

class JsonTest {
    @Test
    void fieldsAreSetReplacedAndRemovedWithoutChangingTheOriginal() {
        // Given
        Json payload = new Json("{\"chatId\":\"c\",\"message\":{\"id\":\"m\"},\"sessionId\":\"forged\"}");

        // When
        Json continued = payload.without("message", "trigger").with("sessionId", "session_1").with("continuation",
                true);

        // Then
        assertEquals("{\"chatId\":\"c\",\"sessionId\":\"session_1\",\"continuation\":true}", continued.text());
        assertEquals("forged", payload.textField("sessionId"));
    }

    @Test
    void anAbsentFieldAndANullFieldAreBothAbsent() {
        // Given
        Json value = new Json("{\"a\":null}");

        // When, Then
        assertFalse(value.has("a"));
        assertNull(value.field("a"));
        assertNull(value.textField("b"));
    }

    @Test
    void settingAFieldOfANonObjectSaysWhatWasExpected() {
        // Given
        Json array = new Json("[1]");

        // When
        IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> array.with("a", "b"));

        // Then
        assertEquals("expected a JSON object, but was ARRAY", refusal.getMessage());
    }
}
