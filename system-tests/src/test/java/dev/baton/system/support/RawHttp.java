package dev.baton.system.support;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One connection on which any bytes can be sent: what no HTTP client would say. Not safe for several threads.
 */
public final class RawHttp implements AutoCloseable {
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);
    private final Socket socket;
    private final InputStream in;

    private RawHttp(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** @param patience for each read */
    public static RawHttp connect(URI url, Duration patience) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), (int) CONNECT_PATIENCE.toMillis());
        socket.setSoTimeout((int) patience.toMillis());
        socket.setTcpNoDelay(true);
        return new RawHttp(socket);
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Says that nothing more will come, and goes on listening. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /**
     * Status and headers of the next answer that is not provisional; the body is empty.
     *
     * @throws EOFException when the server has hung up without one
     */
    public RawAnswer head() throws IOException {
        while (true) {
            String[] status = line().split(" ", 3);
            if (status.length < 2 || !status[0].startsWith("HTTP/1.")) {
                throw new EOFException("expected a status line, but was " + String.join(" ", status));
            }
            Map<String, String> headers = headers();
            if (!status[1].startsWith("1")) {
                return new RawAnswer(Integer.parseInt(status[1]), headers, "");
            }
        }
    }

    /** The next answer with its body. @param bodiless whether it answers a HEAD */
    public RawAnswer answer(boolean bodiless) throws IOException {
        RawAnswer head = head();
        return bodiless ? head : body(head);
    }

    /** The same answer with its body. */
    public RawAnswer body(RawAnswer head) throws IOException {
        String body;
        if (head.header("transfer-encoding").orElse("").equalsIgnoreCase("chunked")) {
            body = chunks();
        } else if (head.header("content-length").isPresent()) {
            body = exactly(Integer.parseInt(head.headers().get("content-length")));
        } else {
            body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        return new RawAnswer(head.status(), head.headers(), body);
    }

    /** Next byte of whatever comes; −1 when the server has hung up. */
    public int read() throws IOException {
        return in.read();
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.putIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        return headers;
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.append(exactly(size));
            line();
        }
        line();
        return body.toString();
    }

    private String exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("expected " + length + " bytes of body, but got " + bytes.length);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the server hung up");
            }
            line.append((char) octet);
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
