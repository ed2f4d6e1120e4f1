package dev.baton.ingress.http;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** contract §2.7, §2.5. */
class DrainedRecordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"seq_num\":4,\"timestamp\":1,\"body\":\"{\\\"data\\\":{\\\"a\\\":1},\\\"id\\\":\\\"x\\\"}\"}"
                    + " | {\"data\":{\"a\":1},\"id\":\"x\",\"seqNum\":4}",
            "{\"seq_num\":0,\"timestamp\":1,\"body\":\"{\\\"data\\\":\\\"text\\\",\\\"id\\\":\\\"x\\\"}\"}"
                    + " | {\"data\":\"text\",\"id\":\"x\",\"seqNum\":0}",
            "{\"seq_num\":5,\"timestamp\":1,\"headers\":[[\"trigger-control\",\"turn-complete\"]],\"body\":\"\"}"
                    + " | {\"data\":\"\",\"id\":\"\",\"seqNum\":5,\"headers\":[[\"trigger-control\",\"turn-complete\"]]}",
            "{\"seq_num\":6,\"timestamp\":1,\"body\":\"not json\"} | {\"data\":\"not json\",\"id\":\"\",\"seqNum\":6}"})
    void recordsAreUnwrapped(String stream, String drained) {
        // Given, When, Then
        assertEquals(drained, DrainedRecords.drained(stream.getBytes(StandardCharsets.UTF_8)).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"payload\":{\"actionSource\":\"webhook\",\"a\":1}} | {\"payload\":{\"a\":1}}",
            "{\"payload\":{\"action\\u0053ource\":\"webhook\",\"a\":1}} | {\"payload\":{\"a\":1}}",
            "{\"payload\":{\"actionSource\":\"client\"}} | {\"payload\":{\"actionSource\":\"client\"}}",
            "{ \"payload\" : 1 } | { \"payload\" : 1 }", "actionSource {broken | actionSource {broken",
            "plain text | plain text"})
    void aForgedWebhookOriginIsTakenAway(String sent, String stored) {
        // Given, When, Then
        assertEquals(stored, InputOrigin.withoutForgedOrigin(sent));
    }
}
