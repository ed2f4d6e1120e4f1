package dev.baton.system.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import org.awaitility.Awaitility;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;

/** One append session as the protocol's clients speak it: frames of protobuf there, frames of protobuf back. */
public final class AppendStream implements Stream.Listener {
    private volatile boolean reset;
    private final CompletableFuture<Stream> stream = new CompletableFuture<>();
    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    /** The write before this one: frames leave in order, one after the other. */
    private CompletableFuture<Stream> lastWrite;

    /**
     * An answer of the server.
     *
     * @param count records that it acknowledges, 0 for the terminal frame
     * @param end exclusive end of the acknowledged range
     * @param status of a terminal frame, else 200
     * @param text of a terminal frame
     */
    public record Answer(long count, long end, int status, String text) {}

    void opened(Stream opened) {
        stream.complete(opened);
        lastWrite = stream;
    }

    /** An AppendInput with these data bodies. */
    public static byte[] input(List<String> bodies) {
        return encode(out -> {
            for (String body : bodies) {
                out.writeByteArray(1, encode(record -> record.writeString(3, body)));
            }
        });
    }

    private interface Encoder {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] encode(Encoder encoder) {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            encoder.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteString().toByteArray();
    }

    public static byte[] frame(int flag, byte[] payload) {
        int length = payload.length + 1;
        return ByteBuffer.allocate(length + 3).put((byte) (length >> 16)).putShort((short) length).put((byte) flag)
                .put(payload).array();
    }

    /** Sends one batch and does not wait for its acknowledgement. */
    public void send(String... bodies) {
        write(frame(0, input(List.of(bodies))), false);
    }

    public void sendRaw(byte[] bytes) {
        write(bytes, false);
    }

    /** Ends the client's half. */
    public void end() {
        write(new byte[0], true);
    }

    private synchronized void write(byte[] bytes, boolean last) {
        lastWrite = lastWrite.thenCompose(
                open -> open.data(new DataFrame(open.getId(), ByteBuffer.wrap(bytes), last)));
    }

    /** Status of the response: there before anything was sent. */
    public int status() throws Exception {
        return status.get(Patience.TURN.toSeconds(), TimeUnit.SECONDS);
    }

    public void awaitEnd() throws Exception {
        ended.get(Patience.TURN.toSeconds(), TimeUnit.SECONDS);
    }

    /** Whether the server broke it off. */
    public boolean reset() {
        return reset;
    }

    public boolean ended() {
        return ended.isDone();
    }

    /** The first so many answers. */
    public List<Answer> await(int count) {
        // Without a delay before the first look: a thousand streams are asked one after the other.
        Awaitility.await().atMost(Patience.TURN).pollDelay(Duration.ZERO).until(() -> answers().size() >= count);
        return answers();
    }

    public List<Answer> answers() {
        byte[] bytes;
        synchronized (received) {
            bytes = received.toByteArray();
        }
        List<Answer> answers = new ArrayList<>();
        int at = 0;
        while (at + 3 <= bytes.length) {
            int length = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
            if (at + 3 + length > bytes.length) {
                break;
            }
            answers.add(answer(bytes, at + 3, length));
            at += 3 + length;
        }
        return answers;
    }

    private static Answer answer(byte[] bytes, int at, int length) {
        if ((bytes[at] & 0x80) != 0) {
            int status = (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
            return new Answer(0, -1, status, new String(bytes, at + 3, length - 3, StandardCharsets.UTF_8));
        }
        return acknowledgement(ByteBuffer.wrap(bytes, at + 1, length - 1));
    }

    /** An AppendAck, also of a unary call. */
    public static Answer acknowledgement(ByteBuffer message) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(message);
            long[] seqs = new long[4];
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                seqs[tag >> 3] = seq(in.readByteBuffer());
            }
            if (seqs[2] != seqs[3]) {
                throw new AssertionError("expected end and tail to be the same, but was " + message);
            }
            return new Answer(seqs[2] - seqs[1], seqs[2], 200, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long seq(ByteBuffer position) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(position);
        return in.readTag() == 8 ? in.readUInt64() : 0;
    }

    @Override
    public void onHeaders(Stream from, HeadersFrame frame) {
        if (frame.getMetaData() instanceof MetaData.Response response) {
            status.complete(response.getStatus());
        }
        if (frame.isEndStream()) {
            ended.complete(null);
        } else {
            from.demand();
        }
    }

    @Override
    public void onDataAvailable(Stream from) {
        Stream.Data data = from.readData();
        if (data == null) {
            from.demand();
            return;
        }
        synchronized (received) {
            byte[] bytes = new byte[data.frame().getByteBuffer().remaining()];
            data.frame().getByteBuffer().get(bytes);
            received.writeBytes(bytes);
        }
        boolean last = data.frame().isEndStream();
        data.release();
        if (last) {
            ended.complete(null);
        } else {
            from.demand();
        }
    }

    @Override
    public void onReset(Stream from, ResetFrame frame, Callback callback) {
        reset = true;
        ended.complete(null);
        callback.succeeded();
    }
}
