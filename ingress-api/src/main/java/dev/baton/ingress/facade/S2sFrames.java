package dev.baton.ingress.facade;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

import dev.baton.wire.json.WireJson;

/**
 * Frames of an append session, both ways (contract §2.6 A):
 *
 * <pre>
 * [3 bytes, big-endian: length of flag and payload] [1 byte: flag] [payload]
 * flag: 0x80 terminal, 0x60 compression (none is 0), the rest is reserved and ignored
 * </pre>
 */
final class S2sFrames {
    /** Flag and payload. */
    static final int FRAME_BYTES_MAX = 2 * 1024 * 1024;
    private static final int LENGTH_BYTES = 3;
    private static final int TERMINAL = 0x80;
    private static final int COMPRESSION = 0x60;
    private static final int STATUS_BYTES = 2;
    /** Memory is given for what has arrived, not for what a length announces. */
    private static final int FIRST_BUFFER_BYTES = 16 * 1024;

    private final InputStream in;

    S2sFrames(InputStream in) {
        this.in = in;
    }

    /**
     * The payload of the client's next frame, empty when it has ended its half. Never asks the stream for zero bytes:
     * there are streams that wait for the next data then.
     *
     * @throws FacadeFailure when it is not a frame that is understood
     */
    Optional<byte[]> next() throws IOException {
        byte[] head = new byte[LENGTH_BYTES + 1];
        int read = in.readNBytes(head, 0, LENGTH_BYTES);
        if (read == 0) {
            return Optional.empty();
        }
        int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
        if (read < LENGTH_BYTES || length == 0) {
            throw FacadeFailure.invalid("Expected a frame of 3 bytes of length, a flag and its payload");
        }
        if (length > FRAME_BYTES_MAX) {
            throw FacadeFailure.frameTooLarge(length, FRAME_BYTES_MAX);
        }
        int flag = exactly(1)[0];
        if ((flag & COMPRESSION) != 0) {
            throw FacadeFailure.compressed();
        }
        return (flag & TERMINAL) != 0 ? Optional.empty() : Optional.of(length == 1 ? new byte[0] : exactly(length - 1));
    }

    /** Reads until the client has ended its half, and keeps nothing. */
    void discard() throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = new byte[Math.min(length, FIRST_BUFFER_BYTES)];
        int filled = 0;
        while (true) {
            filled += in.readNBytes(bytes, filled, bytes.length - filled);
            if (filled < bytes.length) {
                throw new EOFException("expected " + length + " bytes, but the stream ended after " + filled);
            }
            if (filled == length) {
                return bytes;
            }
            bytes = Arrays.copyOf(bytes, Math.min(length, 2 * bytes.length));
        }
    }

    static byte[] frame(byte[] payload) {
        return frame(0, payload);
    }

    /** The last frame of a session that failed: 2 bytes of HTTP status, then {@code {"code":…,"message":…}}. */
    static byte[] terminal(FacadeFailure failure) {
        byte[] json = WireJson.bytes(json(failure));
        byte[] payload = ByteBuffer.allocate(STATUS_BYTES + json.length).putShort((short) failure.status()).put(json)
                .array();
        return frame(TERMINAL, payload);
    }

    private static Object json(FacadeFailure failure) {
        return WireJson.MAPPER.createObjectNode().put("code", failure.code()).put("message", failure.getMessage());
    }

    private static byte[] frame(int flag, byte[] payload) {
        int length = 1 + payload.length;
        return ByteBuffer.allocate(LENGTH_BYTES + length).put((byte) (length >> 16)).put((byte) (length >> 8))
                .put((byte) length).put((byte) flag).put(payload).array();
    }
}
