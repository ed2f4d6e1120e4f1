package dev.baton.ingress.sse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.baton.ingress.tail.Delivery;
import dev.baton.ingress.tail.TailEntry;
import dev.baton.ingress.tail.TailPosition;

/** The frames of a channel stream (contract §2.2), as bytes that go out in one write. */
final class SseFrames {
    static final byte[] DONE = utf8("data: [DONE]\n\n");

    private SseFrames() {}

    /** The {@code id:} is the seq of the last record in plain decimal, so that a native EventSource resumes with it. */
    static byte[] batch(Delivery.Records records) {
        List<TailEntry> entries = records.entries();
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(utf8("event: batch\nid: " + entries.getLast().seq() + "\ndata: {\"records\":["));
        for (int i = 0; i < entries.size(); i++) {
            if (i > 0) {
                frame.write(',');
            }
            frame.writeBytes(entries.get(i).json());
        }
        frame.writeBytes(utf8("]" + tail(records.tail()) + "}\n\n"));
        return frame.toByteArray();
    }

    static byte[] ping(long nowMs, TailPosition tail) {
        return utf8("event: ping\ndata: {\"timestamp\":" + nowMs + tail(tail) + "}\n\n");
    }

    /** Ends a stream that is not at its end: nothing follows, not even {@link #DONE}. */
    static byte[] error(String reason) {
        return utf8("event: error\ndata: " + reason.replace('\n', ' ').replace('\r', ' ') + "\n\n");
    }

    private static String tail(TailPosition tail) {
        return tail == null
                ? ""
                : ",\"tail\":{\"seq_num\":" + tail.seqNum() + ",\"timestamp\":" + tail.timestampMs() + "}";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
