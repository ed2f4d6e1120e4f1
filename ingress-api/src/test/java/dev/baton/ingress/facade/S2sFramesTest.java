package dev.baton.ingress.facade;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Framing of append sessions, with the golden frames of contract §13. */
class S2sFramesTest {
    private static final String INPUT = "0a151a137b2264617461223a312c226964223a2261227d";
    private static final String ACK = "0a0310e8071205080110e8071a05080110e807";

    @Test
    void theGoldenFramesAreReadAndWritten() throws IOException {
        // Given
        S2sFrames frames = frames("000018" + "00" + INPUT);

        // When
        byte[] payload = frames.next().orElseThrow();

        // Then
        assertArrayEquals(hex(INPUT), payload);
        assertTrue(frames.next().isEmpty());
        assertArrayEquals(hex("000014" + "00" + ACK), S2sFrames.frame(hex(ACK)));
    }

    @Test
    void aTerminalFrameHoldsStatusCodeAndMessage() {
        // Given
        FacadeFailure failure = FacadeFailure.staleGeneration(1, 2);

        // When
        byte[] frame = S2sFrames.terminal(failure);

        // Then
        assertEquals(frame.length - 3, (frame[0] & 0xff) << 16 | (frame[1] & 0xff) << 8 | frame[2] & 0xff);
        assertEquals((byte) 0x80, frame[3]);
        assertEquals(409, (frame[4] & 0xff) << 8 | frame[5] & 0xff);
        assertEquals("{\"code\":\"stale_generation\",\"message\":\"" + failure.getMessage() + "\"}",
                new String(frame, 6, frame.length - 6, java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void aLargeFrameIsReadWholeAndALargerOneIsRefusedByItsLength() throws IOException {
        // Given
        byte[] largest = new byte[3 + S2sFrames.FRAME_BYTES_MAX];
        Arrays.fill(largest, (byte) 7);
        System.arraycopy(hex("20000000"), 0, largest, 0, 4);

        // When
        byte[] payload = new S2sFrames(new ByteArrayInputStream(largest)).next().orElseThrow();
        FacadeFailure failure = assertThrows(FacadeFailure.class, frames("200001")::next);

        // Then
        assertArrayEquals(Arrays.copyOfRange(largest, 4, largest.length), payload);
        assertEquals(413, failure.status());
        assertEquals("frame_too_large", failure.code());
    }

    @Test
    void compressionIsRefusedAndReservedBitsAreIgnored() throws IOException {
        for (String flag : new String[]{"20", "40", "60"}) {
            // When
            FacadeFailure failure = assertThrows(FacadeFailure.class, frames("000002" + flag + "00")::next);

            // Then
            assertEquals(415, failure.status());
            assertEquals("unsupported_compression", failure.code());
        }
        assertArrayEquals(new byte[]{5}, frames("000002" + "1f" + "05").next().orElseThrow());
    }

    @Test
    void aTerminalFrameOfTheClientEndsItsHalf() throws IOException {
        // When, Then
        assertTrue(frames("000001" + "80").next().isEmpty());
    }

    @Test
    void brokenFramesAreTold() {
        // When, Then
        assertEquals(400, assertThrows(FacadeFailure.class, frames("000000")::next).status());
        assertEquals(400, assertThrows(FacadeFailure.class, frames("0000")::next).status());
        assertThrows(EOFException.class, frames("000005" + "00" + "01")::next);
    }

    private static S2sFrames frames(String hex) {
        return new S2sFrames(new ByteArrayInputStream(hex(hex)));
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
