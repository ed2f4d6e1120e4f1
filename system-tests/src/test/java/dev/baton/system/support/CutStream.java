package dev.baton.system.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A reader that is cut off wherever it is, also in the middle of a frame: what it has seen whole counts, and the last of
 * it is the cursor of the next one. Speaks HTTP/1.0, so that the stream is nothing but its frames.
 */
public final class CutStream {
    private static final int READ_TIMEOUT_MS = 10_000;
    /** A reader that has caught up does not wait for its bytes longer than this: then it is cut where it is. */
    private static final long CUT_AFTER_NS = 500_000_000;
    private static final String FRAME_END = "\n\n";
    private static final String DATA = "data: ";

    private CutStream() {}

    /**
     * Opens a stream after a cursor, reads this many bytes of the answer, or for half a second, and hangs up.
     *
     * @return the records of all whole frames among them
     * @throws IOException when nobody is there, or goes away meanwhile
     */
    public static List<StreamRecord> read(BatonClient baton, String path, long cursor, int bytes) throws IOException {
        try (Socket socket = new Socket(baton.url().getHost(), baton.url().getPort())) {
            socket.setSoTimeout(READ_TIMEOUT_MS);
            String request = "GET " + path + " HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer " + baton.bearer()
                    + "\r\n" + (cursor < 0 ? "" : "Last-Event-ID: " + cursor + "\r\n") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return records(upTo(socket.getInputStream(), bytes));
        }
    }

    private static String upTo(InputStream in, int bytes) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        long deadline = System.nanoTime() + CUT_AFTER_NS;
        while (read.size() < bytes && System.nanoTime() < deadline) {
            int count = in.read(buffer, 0, Math.min(buffer.length, bytes - read.size()));
            if (count < 0) {
                break;
            }
            read.write(buffer, 0, count);
        }
        // A cut in the middle of a character spoils a frame that is not whole anyway.
        return read.toString(StandardCharsets.UTF_8);
    }

    private static List<StreamRecord> records(String answer) {
        List<StreamRecord> records = new ArrayList<>();
        int at = answer.indexOf("\r\n\r\n");
        if (at < 0) {
            return records;
        }
        String rest = answer.substring(at + 4);
        for (int end = rest.indexOf(FRAME_END); end >= 0; end = rest.indexOf(FRAME_END)) {
            String frame = rest.substring(0, end);
            rest = rest.substring(end + FRAME_END.length());
            if (frame.startsWith("event: batch")) {
                records.addAll(StreamRecord.ofBatch(frame.substring(frame.indexOf(DATA) + DATA.length())));
            }
        }
        return records;
    }
}
