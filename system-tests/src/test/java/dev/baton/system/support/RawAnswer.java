package dev.baton.system.support;

import java.util.Map;
import java.util.Optional;

/**
 * An answer as it came over the wire.
 *
 * @param headers by lower-case name; of a repeated one the first
 * @param body what came of it
 */
public record RawAnswer(int status, Map<String, String> headers, String body) {
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(java.util.Locale.ROOT)));
    }

    public String contentType() {
        return headers.getOrDefault("content-type", "");
    }

    /** Whether the server is about to close the connection. */
    public boolean last() {
        return headers.getOrDefault("connection", "").equalsIgnoreCase("close");
    }
}
