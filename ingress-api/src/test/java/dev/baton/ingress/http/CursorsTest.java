package dev.baton.ingress.http;

import java.time.Duration;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** contract §2.2, §2.7. */
class CursorsTest {
    @ParameterizedTest
    @CsvSource({"0,0", "17,17", "17-3,17", "17-,17", "007,7", "99999999999999999999,9007199254740991",
            "9007199254740991,9007199254740991"})
    void theDigitsOfALastEventIdAreTheCursor(String header, long cursor) {
        // Given, When, Then
        assertEquals(OptionalLong.of(cursor), Cursors.lastEventId(header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "-1", "1.5", "4,6,512", "0x10"})
    void anythingElseMeansFromTheBeginning(String header) {
        // Given, When, Then
        assertEquals(OptionalLong.empty(), Cursors.lastEventId(header));
        assertEquals(OptionalLong.empty(), Cursors.lastEventId(null));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "600,600", "120,120"})
    void aWindowFromOneSecondToTenMinutesIsTaken(String header, int seconds) {
        // Given, When, Then
        assertEquals(Duration.ofSeconds(seconds), Cursors.timeoutSeconds(header));
        assertEquals(Duration.ofSeconds(60), Cursors.timeoutSeconds(null));
    }

    @ParameterizedTest
    @CsvSource({"abc,Invalid timeout seconds", "1.5,Invalid timeout seconds", "'',Invalid timeout seconds",
            "0,Timeout seconds must be greater than 0", "-5,Timeout seconds must be greater than 0",
            "601,Timeout seconds must be less than 600"})
    void otherWindowsAreRefusedInPlainText(String header, String message) {
        // Given, When
        HttpFailure failure = assertThrows(HttpFailure.class, () -> Cursors.timeoutSeconds(header));

        // Then
        assertEquals(400, failure.status());
        assertEquals(message, failure.body());
        assertEquals("text/plain; charset=utf-8", failure.contentType());
    }

    @Test
    void aBadDrainCursorIsAQueryError() {
        // Given, When
        HttpFailure failure = assertThrows(HttpFailure.class, () -> Cursors.afterEventId("-1"));

        // Then
        assertEquals(400, failure.status());
        assertEquals(OptionalLong.of(3), Cursors.afterEventId("3"));
        assertEquals(OptionalLong.empty(), Cursors.afterEventId(null));
    }
}
