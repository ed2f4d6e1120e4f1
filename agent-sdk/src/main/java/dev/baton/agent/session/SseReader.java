package dev.baton.agent.session;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Reads the frames of a subscription from the bytes of its body. Used by one thread; {@link #close()} may come from
 * another one and ends a read that waits.
 */
public final class SseReader implements AutoCloseable {
    private static final int READ_BYTES = 8 * 1024;

    private final InputStream body;
    private final SseParser parser = new SseParser();
    private final Deque<SseFrame> frames = new ArrayDeque<>();
    private final byte[] buffer = new byte[READ_BYTES];

    public SseReader(InputStream body) {
        this.body = body;
    }

    /**
     * The next frame, empty at the end of the body. A frame that was cut off is dropped: its records come again.
     *
     * @throws IOException when the connection breaks or the server sends what is no batch
     */
    public Optional<SseFrame> next() throws IOException {
        while (frames.isEmpty()) {
            int read = body.read(buffer);
            if (read < 0) {
                return Optional.empty();
            }
            frames.addAll(parser.feed(ByteBuffer.wrap(buffer, 0, read)));
        }
        return Optional.of(frames.poll());
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
