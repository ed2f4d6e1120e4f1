package dev.baton.ingress.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.ingress.facade.AppendBatch;
import dev.baton.ingress.facade.FacadeFailure;
import dev.baton.ingress.facade.RawRecord;
import dev.baton.ingress.log.ChannelAppender.Appended;
import dev.baton.wire.json.WireJson;

/** A batch and its acknowledgement as JSON (contract §2.6 B). Pure. */
final class BatchJson {
    private BatchJson() {}

    static AppendBatch batch(ObjectNode body) {
        for (String condition : List.of("match_seq_num", "fencing_token")) {
            if (body.hasNonNull(condition)) {
                throw FacadeFailure.notSupported(condition);
            }
        }
        JsonNode records = body.get("records");
        if (records == null || !records.isArray()) {
            throw FacadeFailure.invalid("Expected records as an array");
        }
        List<RawRecord> batch = new ArrayList<>();
        for (JsonNode record : records) {
            batch.add(record(record));
        }
        return AppendBatch.of(batch);
    }

    private static RawRecord record(JsonNode record) {
        JsonNode body = record.path("body");
        if (!record.isObject() || !body.isMissingNode() && !body.isTextual()) {
            throw FacadeFailure.invalid("Expected a record as an object with a text as body");
        }
        List<RawRecord.RawHeader> headers = new ArrayList<>();
        for (JsonNode header : record.path("headers")) {
            if (!header.isArray() || header.size() != 2 || !header.get(0).isTextual() || !header.get(1).isTextual()) {
                throw FacadeFailure.invalid("Expected a header as [name, value]");
            }
            headers.add(RawRecord.RawHeader.of(header.get(0).textValue(), header.get(1).textValue()));
        }
        String text = body.isMissingNode() ? "" : body.textValue();
        return new RawRecord(text.getBytes(StandardCharsets.UTF_8), headers);
    }

    static ObjectNode acknowledgement(Appended appended) {
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        position(answer.putObject("start"), appended.start(), appended);
        position(answer.putObject("end"), appended.end(), appended);
        position(answer.putObject("tail"), appended.end(), appended);
        return answer;
    }

    private static void position(ObjectNode node, long seq, Appended appended) {
        node.put("seq_num", seq).put("timestamp", appended.timestampMs());
    }
}
