package dev.baton.wire.channel;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.WireJson;

/**
 * One record of a channel as clients write and read it (contract §7.1).
 *
 * @param body for data records the JSON text {@code {"data":…,"id":"…"}}; empty for control records
 * @param headers none for data, {@code trigger-control} first for control, one with an empty name for commands
 */
public record ChannelRecord(String body, List<ProtocolHeader> headers) {
    /** Header that makes a record a control record; its value is the subtype. */
    public static final String CONTROL = "trigger-control";
    public static final String TURN_COMPLETE = "turn-complete";
    public static final String UPGRADE_REQUIRED = "upgrade-required";
    public static final String SESSION_CLOSED = "session-closed";
    /** Sibling of turn-complete: decimal seq of the last {@code .in} record the turn consumed. */
    public static final String SESSION_IN_EVENT_ID = "session-in-event-id";
    public static final String PUBLIC_ACCESS_TOKEN = "public-access-token";
    /** Name of the only header of a command record. */
    public static final String COMMAND = "";
    public static final String TRIM = "trim";

    /** Metered size of a stored record may not exceed this many bytes (contract §7.7). */
    public static final int METERED_BYTES_MAX = 1_048_576;
    private static final int METERED_BYTES_OVERHEAD = 8;

    /** A data record whose data is a string: what clients append over HTTP. */
    public static ChannelRecord ofText(String data, String id) {
        ObjectNode body = WireJson.MAPPER.createObjectNode().put("data", data).put("id", id);
        return new ChannelRecord(body.toString(), List.of());
    }

    public static ChannelRecord control(String subtype, ProtocolHeader... siblings) {
        List<ProtocolHeader> headers = new java.util.ArrayList<>();
        headers.add(new ProtocolHeader(CONTROL, subtype));
        headers.addAll(List.of(siblings));
        return new ChannelRecord("", List.copyOf(headers));
    }

    /**
     * The command that raises the floor of {@code .out} (contract §2.6 C). Over the wire its body is a number of 8 bytes;
     * in the topic it is decimal text, like every number there.
     *
     * @param floorSeq first seq that readers of the protocol still see
     */
    public static ChannelRecord trim(long floorSeq) {
        return new ChannelRecord(Long.toString(floorSeq), List.of(new ProtocolHeader(COMMAND, TRIM)));
    }

    /** The value of the first header of this name. */
    public Optional<String> header(String name) {
        return headers.stream().filter(header -> header.name().equals(name)).map(ProtocolHeader::value).findFirst();
    }

    public Optional<String> controlSubtype() {
        return header(CONTROL);
    }

    public boolean isControl(String subtype) {
        return controlSubtype().filter(subtype::equals).isPresent();
    }

    /** Trim and fence commands: first header without a name. */
    public boolean isCommand() {
        return !headers.isEmpty() && headers.getFirst().name().equals(COMMAND);
    }

    /** Size as limits count it: 8 + headers + body, in bytes of UTF-8. */
    public long meteredBytes() {
        long bytes = METERED_BYTES_OVERHEAD + Utf8.length(body);
        for (ProtocolHeader header : headers) {
            bytes += Utf8.length(header.name()) + Utf8.length(header.value());
        }
        return bytes;
    }
}
