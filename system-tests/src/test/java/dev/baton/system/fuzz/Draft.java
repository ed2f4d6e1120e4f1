package dev.baton.system.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A request on its way to become bytes: begins as a valid one and is then spoiled. Texts hold one byte per character, so
 * that any byte can be sent. Confined to one thread.
 */
final class Draft {
    final FuzzedRoute route;
    String method;
    String target;
    String version = "HTTP/1.1";
    /** Name and value. */
    final List<String[]> headers = new ArrayList<>();
    byte[] body = new byte[0];
    /** Null when no length is announced. */
    String contentLength;
    boolean chunked;
    /** It may be meant for another route now, or for none. */
    boolean elsewhere;
    /** It may be refused before a route sees it. */
    boolean malformed;
    /** Nothing is known of where it ends: the connection may break, and is not used again. */
    boolean endless;

    Draft(FuzzedRoute route) {
        this.route = route;
        this.method = route.method();
    }

    void header(String name, String value) {
        headers.add(new String[]{name, value});
    }

    void replaceHeader(String name, String value) {
        headers.removeIf(each -> each[0].equalsIgnoreCase(name));
        header(name, value);
    }

    void text(String text) {
        body = text.getBytes(StandardCharsets.UTF_8);
    }

    Set<Integer> statuses() {
        Set<Integer> statuses = new TreeSet<>(elsewhere ? FuzzedRoute.anywhere() : route.statuses());
        if (elsewhere || malformed || endless) {
            statuses.addAll(FuzzedRoute.TRANSPORT);
        }
        return statuses;
    }

    int headLength() {
        return method.length() + target.length()
                + headers.stream().mapToInt(each -> each[0].length() + each[1].length() + 4).sum();
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(latin(method + " " + target + " " + version + "\r\nHost: 127.0.0.1\r\n"));
        for (String[] header : headers) {
            bytes.writeBytes(latin(header[0] + ": " + header[1] + "\r\n"));
        }
        if (contentLength != null) {
            bytes.writeBytes(latin("Content-Length: " + contentLength + "\r\n"));
        }
        if (chunked) {
            bytes.writeBytes(latin("Transfer-Encoding: chunked\r\n"));
        }
        bytes.writeBytes(latin("\r\n"));
        bytes.writeBytes(chunked ? inChunks() : body);
        return bytes.toByteArray();
    }

    private byte[] inChunks() {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        if (body.length > 0) {
            chunks.writeBytes(latin(Integer.toHexString(body.length) + "\r\n"));
            chunks.writeBytes(body);
            chunks.writeBytes(latin("\r\n"));
        }
        chunks.writeBytes(latin("0\r\n\r\n"));
        return chunks.toByteArray();
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
