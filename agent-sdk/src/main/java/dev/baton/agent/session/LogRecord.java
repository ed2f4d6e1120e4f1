package dev.baton.agent.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.json.WireJson;

/**
 * A record of a channel as a run reads it, from the stream of {@code .in} or from the records endpoint.
 *
 * @param id of the body, empty for control records
 * @param data the inner value, already parsed when it was JSON inside a string (contract §2.5: what clients append over
 *     HTTP is a string, what agents write is an object); missing when the body is not what it should be
 * @param generation of the run that wrote it, 0 when that is not told
 */
public record LogRecord(long seq, String id, JsonNode data, List<ProtocolHeader> headers, long generation) {
    /** From a record of a batch frame: the body is a JSON text of data and id (contract §2.2). */
    public static LogRecord ofFrame(JsonNode record) {
        JsonNode body = parsed(record.path("body"));
        return new LogRecord(record.required("seq_num").longValue(), body.path("id").asText(""),
                parsed(body.path("data")), headers(record.path("headers")), 0);
    }

    /** From the records endpoint: data and id are unwrapped (contract §2.7). */
    public static LogRecord ofEndpoint(JsonNode record) {
        return new LogRecord(record.required("seqNum").longValue(), record.path("id").asText(""),
                parsed(record.path("data")), headers(record.path("headers")), record.path("generation").asLong());
    }

    public Optional<String> header(String name) {
        return headers.stream().filter(header -> header.name().equals(name)).map(ProtocolHeader::value).findFirst();
    }

    public boolean isControl(String subtype) {
        return header(ChannelRecord.CONTROL).filter(subtype::equals).isPresent();
    }

    /** One unreadable record must not stop the run: its data is missing and its seq counts. */
    private static JsonNode parsed(JsonNode value) {
        if (!value.isTextual()) {
            return value;
        }
        try {
            return value.textValue().isEmpty() ? MissingNode.getInstance() : WireJson.readTree(value.textValue());
        } catch (java.io.UncheckedIOException _) {
            return MissingNode.getInstance();
        }
    }

    private static List<ProtocolHeader> headers(JsonNode pairs) {
        List<ProtocolHeader> headers = new ArrayList<>();
        for (JsonNode pair : pairs) {
            headers.add(new ProtocolHeader(pair.path(0).asText(), pair.path(1).asText()));
        }
        return List.copyOf(headers);
    }
}
