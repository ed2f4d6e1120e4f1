package dev.baton.wire.channel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A header of a record as clients see it: a pair of strings, on the wire {@code ["name","value"]}. */
public record ProtocolHeader(String name, String value) {
    @JsonValue
    public String[] pair() {
        return new String[]{name, value};
    }

    @JsonCreator
    public static ProtocolHeader ofPair(String[] pair) {
        if (pair.length != 2 || pair[0] == null || pair[1] == null) {
            throw new IllegalArgumentException("expected a header as [\"name\",\"value\"]");
        }
        return new ProtocolHeader(pair[0], pair[1]);
    }
}
