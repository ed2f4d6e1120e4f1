package dev.baton.ingress.facade;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import dev.baton.wire.channel.ChannelRecord;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** The limits of direct writes (contract §7.7) and the kinds of records (§7.1). */
class AppendBatchTest {
    private static final RawRecord.RawHeader TRIM = RawRecord.RawHeader.of("", "trim");

    @Test
    void aRecordOfExactlyTheLimitPassesAndOneByteMoreDoesNot() {
        // Given: 8 bytes count for the record itself
        RawRecord largest = data(1_048_568);

        // When
        AppendBatch batch = AppendBatch.of(List.of(largest));
        FacadeFailure failure = refused(data(1_048_569));

        // Then
        assertEquals(1, batch.records().size());
        assertEquals(413, failure.status());
        assertEquals("record_too_large", failure.code());
    }

    @Test
    void recordsThatAreSmallAloneMayBeTooLargeTogether() {
        // When
        FacadeFailure failure = refused(data(600_000), data(600_000));

        // Then
        assertEquals(413, failure.status());
        assertEquals("batch_too_large", failure.code());
    }

    @Test
    void aThousandRecordsPassAndNoneOrMoreDoNot() {
        // When
        AppendBatch batch = AppendBatch.of(Collections.nCopies(1000, data(1)));
        FacadeFailure more = assertThrows(FacadeFailure.class,
                () -> AppendBatch.of(Collections.nCopies(1001, data(1))));
        FacadeFailure none = refused();

        // Then
        assertEquals(1000, batch.records().size());
        assertEquals(400, more.status());
        assertEquals(400, none.status());
    }

    @Test
    void theFurthestTrimOfABatchCountsAndANumberBeyondEverySeqIsKeptPositive() {
        // When
        AppendBatch batch = AppendBatch.of(List.of(trim(7), data(1), trim(3)));
        AppendBatch beyond = AppendBatch.of(List.of(trim(-1)));

        // Then
        assertEquals(OptionalLong.of(7), batch.trimTo());
        assertEquals(List.of(ChannelRecord.trim(7), new ChannelRecord("x", List.of()), ChannelRecord.trim(3)),
                batch.records());
        assertEquals(OptionalLong.of(Long.MAX_VALUE), beyond.trimTo());
    }

    @Test
    void unknownCommandsBytesThatAreNoTextAndTooManyHeadersAreRefused() {
        // Given
        RawRecord fence = new RawRecord(new byte[8], List.of(RawRecord.RawHeader.of("", "fence")));
        RawRecord shortTrim = new RawRecord(new byte[7], List.of(TRIM));
        RawRecord mixed = new RawRecord(new byte[8], List.of(RawRecord.RawHeader.of("a", "b"), TRIM));
        RawRecord binary = new RawRecord(new byte[]{(byte) 0xff}, List.of());
        RawRecord heavy = new RawRecord(new byte[0], Collections.nCopies(101, RawRecord.RawHeader.of("a", "")));

        for (RawRecord record : List.of(fence, shortTrim, mixed, binary, heavy)) {
            // When
            FacadeFailure failure = refused(record);

            // Then
            assertEquals(400, failure.status(), failure.getMessage());
        }
    }

    private static FacadeFailure refused(RawRecord... records) {
        return assertThrows(FacadeFailure.class, () -> AppendBatch.of(List.of(records)));
    }

    private static RawRecord data(int bytes) {
        return new RawRecord("x".repeat(bytes).getBytes(StandardCharsets.UTF_8), List.of());
    }

    private static RawRecord trim(long point) {
        return new RawRecord(ByteBuffer.allocate(Long.BYTES).putLong(point).array(), List.of(TRIM));
    }
}
