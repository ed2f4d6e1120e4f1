package dev.baton.ingress.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

/** Contract §1.1, §1.2: what {@code new Date()} and {@code trim()} of the clients do. */
class JsTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"2027 | 1798761600000", "2027-01 | 1798761600000",
            "2027-01-01 | 1798761600000", "2027-01-01T00:00 | 1798761600000", "2027-01-01T00:00Z | 1798761600000",
            "2027-01-01T01:00:00.000+01:00 | 1798761600000", "Fri, 01 Jan 2027 00:00:00 GMT | 1798761600000",
            "Fri Jan 01 2027 01:00:00 GMT+0100 (Central European Standard Time) | 1798761600000",
            "+010000-01-01T00:00:00.000Z | 253402300800000"})
    void datesAreReadAsClientsPrintThem(String text, long epochMs) {
        assertEquals(epochMs, JsText.time(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "2027-13-01", "+999999-01-01T00:00:00.000Z"})
    void whatIsNoDateIsNone(String text) {
        assertNull(JsText.time(text));
    }

    @ParameterizedTest
    @ValueSource(doubles = {8.64e15 + 1, -8.64e15 - 1, 1e300})
    void aTimeBeyondJavaScriptsIsNone(double epochMs) {
        assertNull(JsText.time(epochMs));
    }

    @ParameterizedTest
    @CsvSource({"0, 1970-01-01T00:00:00.000Z", "253402300799999, 9999-12-31T23:59:59.999Z",
            "253402300800000, +010000-01-01T00:00:00.000Z", "8640000000000000, +275760-09-13T00:00:00.000Z",
            "-62167219200001, -000001-12-31T23:59:59.999Z", "-8640000000000000, -271821-04-20T00:00:00.000Z"})
    void timesArePrintedSoThatClientsReadThem(long epochMs, String iso) {
        assertEquals(iso, JsText.iso(epochMs));
        assertEquals(epochMs, JsText.time(iso));
    }

    @Test
    void trimTakesWhatJavaScriptCallsWhiteSpace() {
        assertEquals("a b", JsText.trim("\u00a0\ufeff\t a b\u3000\u2028\n"));
        assertEquals("\u001c", JsText.trim("\u001c"));
    }
}
