package dev.baton.wire.service;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/**
 * Reads a request body that must arrive as a whole within some time. A client that sends a byte now and then is never
 * idle: only the total shows it. One that falls silent is the idle timeout's.
 */
public final class ArrivingBody {
    private static final int STEP_BYTES = 16 * 1024;

    private ArrivingBody() {}

    /** The body took too long: nobody waits for the rest. */
    public static final class TooSlow extends IOException {
        private static final long serialVersionUID = 1L;

        TooSlow(Duration arrivalMax) {
            super("the body did not arrive within " + arrivalMax);
        }
    }

    /**
     * The body, or so much of it that it shows to be too large: one byte more than allowed.
     *
     * @throws TooSlow when it takes longer than {@code arrivalMax}
     * @throws IOException when it ends too early
     */
    public static byte[] read(InputStream in, int bytesMax, Duration arrivalMax) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        copy(in, body, bytesMax + 1L, arrivalMax);
        return body.toByteArray();
    }

    /** Reads and throws away, at most so many bytes; see {@link #read}. */
    public static void discard(InputStream in, long bytesMax, Duration arrivalMax) throws IOException {
        copy(in, OutputStream.nullOutputStream(), bytesMax, arrivalMax);
    }

    private static void copy(InputStream in, OutputStream out, long bytesMax, Duration arrivalMax)
            throws IOException {
        long startedAt = System.nanoTime();
        byte[] step = new byte[STEP_BYTES];
        long left = bytesMax;
        while (left > 0) {
            int read = in.read(step, 0, (int) Math.min(step.length, left));
            if (read < 0) {
                return;
            }
            out.write(step, 0, read);
            left -= read;
            if (System.nanoTime() - startedAt > arrivalMax.toNanos()) {
                throw new TooSlow(arrivalMax);
            }
        }
    }
}
