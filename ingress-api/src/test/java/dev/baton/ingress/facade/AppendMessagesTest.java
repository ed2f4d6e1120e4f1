package dev.baton.ingress.facade;

import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.ingress.log.ChannelAppender.Appended;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Golden bytes of contract §13, and what is no such message. */
class AppendMessagesTest {
    @Test
    void theGoldenInputIsOneDataRecord() {
        // Given
        byte[] message = hex("0a151a137b2264617461223a312c226964223a2261227d");

        // When
        AppendBatch batch = AppendMessages.batch(message);

        // Then
        assertEquals(List.of(new ChannelRecord("{\"data\":1,\"id\":\"a\"}", List.of())), batch.records());
        assertEquals(OptionalLong.empty(), batch.trimTo());
    }

    @Test
    void theGoldenTrimIsACommandWhoseNumberIsText() {
        // Given
        byte[] message = hex("0a12120612047472696d1a080000000000000002");

        // When
        AppendBatch batch = AppendMessages.batch(message);

        // Then
        assertEquals(List.of(ChannelRecord.trim(2)), batch.records());
        assertEquals(OptionalLong.of(2), batch.trimTo());
    }

    @Test
    void theGoldenAcknowledgementLeavesOutAZero() {
        // Given
        Appended appended = new Appended(0, 1000, 1);

        // When
        byte[] message = AppendMessages.acknowledgement(appended);

        // Then
        assertArrayEquals(hex("0a0310e8071205080110e8071a05080110e807"), message);
    }

    @Test
    void anAcknowledgementOfABatchCountsBackFromItsEnd() {
        // Given
        Appended appended = new Appended(200, 1000, 3);

        // When
        byte[] message = AppendMessages.acknowledgement(appended);

        // Then
        assertArrayEquals(hex("0a0608c60110e807120608c90110e8071a0608c90110e807"), message);
    }

    @Test
    void headersTimeAndUnknownFieldsAreRead() {
        // Given: timestamp 5, header a=b, unknown field 9, body x; then an unknown field of the input
        byte[] message = hex("0a0f" + "0805" + "1206" + "0a0161" + "120162" + "4801" + "1a0178" + "4801");

        // When
        AppendBatch batch = AppendMessages.batch(message);

        // Then
        assertEquals(List.of(new ChannelRecord("x", List.of(new ProtocolHeader("a", "b")))), batch.records());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0a", "0aff", "0a031a05", "0a0cffffffffffffffffffff01", "0b", "00", "0a021a00ff",
            "0a080805"})
    void whatIsNoSuchMessageIsInvalid(String hex) {
        // When
        FacadeFailure failure = assertThrows(FacadeFailure.class, () -> AppendMessages.batch(hex(hex)));

        // Then
        assertEquals(400, failure.status());
        assertEquals("invalid", failure.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1007", "1a0161", "0a051a036161611007"})
    void conditionsAreRefusedClearly(String hex) {
        // When
        FacadeFailure failure = assertThrows(FacadeFailure.class, () -> AppendMessages.batch(hex(hex)));

        // Then
        assertEquals(400, failure.status());
        assertEquals("not_supported", failure.code());
    }

    @Test
    void aBatchOfTooManyRecordsIsInvalid() {
        // Given
        byte[] tooMany = hex("0a031a0178".repeat(AppendBatch.RECORDS_MAX + 1));

        // When
        FacadeFailure failure = assertThrows(FacadeFailure.class, () -> AppendMessages.batch(tooMany));

        // Then
        assertEquals("invalid", failure.code());
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
