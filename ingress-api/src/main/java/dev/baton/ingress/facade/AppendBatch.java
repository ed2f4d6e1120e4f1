package dev.baton.ingress.facade;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;

/**
 * Records that are within the limits and may be appended together (contract §2.6, §7.7).
 *
 * @param records at least one
 * @param trimTo the furthest point that a trim command among them names, if there is one
 */
public record AppendBatch(List<ChannelRecord> records, OptionalLong trimTo) {
    public static final int RECORDS_MAX = 1000;
    public static final long METERED_BYTES_MAX = ChannelRecord.METERED_BYTES_MAX;
    /** Empty headers weigh nothing in bytes, but each one is an object here. */
    static final int HEADERS_MAX = 100;

    /** @throws FacadeFailure when a limit is exceeded or a record is none of the known kinds */
    public static AppendBatch of(List<RawRecord> raw) {
        requireCount(raw.size());
        List<ChannelRecord> records = new ArrayList<>(raw.size());
        OptionalLong trimTo = OptionalLong.empty();
        long bytes = 0;
        for (RawRecord each : raw) {
            if (isCommand(each)) {
                long point = trimPoint(each);
                trimTo = OptionalLong.of(Math.max(point, trimTo.orElse(0)));
                records.add(ChannelRecord.trim(point));
            } else {
                records.add(record(each));
            }
            bytes += metered(records.getLast());
        }
        if (bytes > METERED_BYTES_MAX) {
            throw FacadeFailure.batchTooLarge(bytes);
        }
        return new AppendBatch(List.copyOf(records), trimTo);
    }

    private static void requireCount(int count) {
        if (count < 1 || count > RECORDS_MAX) {
            throw FacadeFailure.invalid("Expected 1 to " + RECORDS_MAX + " records, but got "
                    + (count > RECORDS_MAX ? "more" : "none"));
        }
    }

    private static long metered(ChannelRecord record) {
        long bytes = record.meteredBytes();
        if (bytes > ChannelRecord.METERED_BYTES_MAX) {
            throw FacadeFailure.recordTooLarge(bytes);
        }
        return bytes;
    }

    private static ChannelRecord record(RawRecord raw) {
        if (raw.headers().size() > HEADERS_MAX) {
            throw FacadeFailure.invalid("Expected at most " + HEADERS_MAX + " headers on a record");
        }
        List<ProtocolHeader> headers = new ArrayList<>(raw.headers().size());
        for (RawRecord.RawHeader header : raw.headers()) {
            headers.add(new ProtocolHeader(RawRecord.text(header.name()), RawRecord.text(header.value())));
        }
        return new ChannelRecord(RawRecord.text(raw.body()), List.copyOf(headers));
    }

    private static boolean isCommand(RawRecord raw) {
        return raw.headers().stream().anyMatch(header -> header.name().length == 0);
    }

    /** A command is one header without a name; the value says which one (contract §7.1). Clients send only trims. */
    private static long trimPoint(RawRecord raw) {
        boolean trim = raw.headers().size() == 1
                && RawRecord.text(raw.headers().getFirst().value()).equals(ChannelRecord.TRIM);
        if (!trim) {
            throw FacadeFailure.notSupported("A command other than trim");
        }
        if (raw.body().length != Long.BYTES) {
            throw FacadeFailure.invalid("Expected a trim command with a body of 8 bytes");
        }
        long point = ByteBuffer.wrap(raw.body()).getLong();
        // Unsigned on the wire: what looks negative lies beyond every seq.
        return point < 0 ? Long.MAX_VALUE : point;
    }
}
