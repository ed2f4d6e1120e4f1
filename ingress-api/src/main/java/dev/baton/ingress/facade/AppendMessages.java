package dev.baton.ingress.facade;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;

import dev.baton.ingress.log.ChannelAppender.Appended;

/**
 * The five protobuf messages of direct writes (contract §2.6, golden bytes §13):
 *
 * <pre>
 * AppendInput    { repeated AppendRecord records = 1; optional uint64 match_seq_num = 2; optional string fencing_token = 3 }
 * AppendRecord   { optional uint64 timestamp = 1; repeated Header headers = 2; bytes body = 3 }
 * Header         { bytes name = 1; bytes value = 2 }
 * AppendAck      { StreamPosition start = 1; StreamPosition end = 2; StreamPosition tail = 3 }
 * StreamPosition { uint64 seq_num = 1; uint64 timestamp = 2 }
 * </pre>
 *
 * Absent values are their defaults, and a zero is not written. Unknown fields are skipped.
 */
public final class AppendMessages {
    private static final byte[] NOTHING = new byte[0];
    private static final int RECORDS = tag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int MATCH_SEQ_NUM = tag(2, WireFormat.WIRETYPE_VARINT);
    private static final int FENCING_TOKEN = tag(3, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int HEADERS = tag(2, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int BODY = tag(3, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int NAME = tag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int VALUE = tag(2, WireFormat.WIRETYPE_LENGTH_DELIMITED);

    private AppendMessages() {}

    /**
     * Reads an AppendInput. The time that a client gives to a record is ignored: records have their time of arrival.
     *
     * @throws FacadeFailure when the bytes are no such message or ask for what is not supported
     */
    public static AppendBatch batch(byte[] message) {
        try {
            return AppendBatch.of(records(CodedInputStream.newInstance(message)));
        } catch (IOException _) {
            throw FacadeFailure.invalid("Expected an AppendInput in protobuf");
        }
    }

    private static List<RawRecord> records(CodedInputStream in) throws IOException {
        List<RawRecord> records = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == MATCH_SEQ_NUM) {
                throw FacadeFailure.notSupported("match_seq_num");
            }
            if (tag == FENCING_TOKEN) {
                throw FacadeFailure.notSupported("fencing_token");
            }
            // One more than allowed is enough to refuse it; the rest of a large message is not worth its memory.
            if (tag == RECORDS && records.size() <= AppendBatch.RECORDS_MAX) {
                records.add(record(in));
            } else {
                in.skipField(tag);
            }
        }
        return records;
    }

    private static RawRecord record(CodedInputStream in) throws IOException {
        int outer = in.pushLimit(in.readUInt32());
        byte[] body = NOTHING;
        List<RawRecord.RawHeader> headers = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == BODY) {
                body = in.readByteArray();
            } else if (tag == HEADERS && headers.size() <= AppendBatch.HEADERS_MAX) {
                headers.add(header(in));
            } else {
                in.skipField(tag);
            }
        }
        in.popLimit(outer);
        return new RawRecord(body, headers);
    }

    private static RawRecord.RawHeader header(CodedInputStream in) throws IOException {
        int outer = in.pushLimit(in.readUInt32());
        byte[] name = NOTHING;
        byte[] value = NOTHING;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == NAME) {
                name = in.readByteArray();
            } else if (tag == VALUE) {
                value = in.readByteArray();
            } else {
                in.skipField(tag);
            }
        }
        in.popLimit(outer);
        return new RawRecord.RawHeader(name, value);
    }

    /** An AppendAck: clients check that {@code end − start} is the size of the batch and that {@code end} rises. */
    public static byte[] acknowledgement(Appended appended) {
        byte[] start = position(appended.start(), appended.timestampMs());
        byte[] end = position(appended.end(), appended.timestampMs());
        byte[] bytes = new byte[CodedOutputStream.computeByteArraySize(1, start)
                + 2 * CodedOutputStream.computeByteArraySize(2, end)];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeByteArray(1, start);
            out.writeByteArray(2, end);
            out.writeByteArray(3, end);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("the array was measured before", e);
        }
    }

    private static byte[] position(long seq, long timestampMs) {
        int seqBytes = seq == 0 ? 0 : CodedOutputStream.computeUInt64Size(1, seq);
        byte[] bytes = new byte[seqBytes + CodedOutputStream.computeUInt64Size(2, timestampMs)];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            if (seq != 0) {
                out.writeUInt64(1, seq);
            }
            out.writeUInt64(2, timestampMs);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("the array was measured before", e);
        }
    }

    private static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }
}
