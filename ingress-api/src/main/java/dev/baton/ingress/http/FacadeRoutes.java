package dev.baton.ingress.http;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import dev.baton.ingress.log.ChannelAppender;
import dev.baton.ingress.log.ChannelAppender.Appended;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.token.AuthenticationException;
import dev.baton.wire.token.FacadeGrant;
import dev.baton.wire.token.Tokens;

/**
 * Direct writes (contract §2.6): the write surface of a stream store, as far as clients of the protocol use it. This is
 * form B, one JSON batch per request. A batch goes through the same limits and the same fence check as any append.
 */
public final class FacadeRoutes implements Routes {
    /** The literal is checked against {@link DirectWrites#ENDPOINT_PATH} by the clients: it is what they were told. */
    static final String RECORDS = DirectWrites.ENDPOINT_PATH + "/streams/{name}/records";
    private static final int BATCH_RECORDS_MAX = 1000;
    private static final long BATCH_BYTES_MAX = ChannelRecord.METERED_BYTES_MAX;

    private final Tokens tokens;
    private final SessionDirectory sessions;
    private final ChannelAppender out;

    public FacadeRoutes(Tokens tokens, SessionDirectory sessions, ChannelAppender out) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.out = out;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post(RECORDS, this::append);
    }

    private void append(Context ctx) {
        FacadeGrant grant = authorize(ctx);
        refuseOtherForms(ctx);
        List<ChannelRecord> records = batch(RequestBody.object(RequestBody.upTo(ctx, RequestBody.FACADE_BYTES_MAX)));
        SessionRow row = sessions.find(grant.environment().id(), grant.sessionKey().chatId()).orElse(null);
        Access.requireCurrent(grant.writer().generation(), row);
        Appended appended = out.append(grant.sessionKey(), records, grant.writer());
        Answers.json(ctx, acknowledgement(appended));
    }

    private FacadeGrant authorize(Context ctx) {
        FacadeGrant grant = grant(ctx);
        boolean itsStream = ctx.pathParam("name").equals(Names.streamName(grant.sessionKey(), grant.channel()));
        if (!itsStream || grant.channel() != Channel.OUT) {
            throw Failures.facade(403, "permission_denied", "The access token does not allow writes to this stream");
        }
        return grant;
    }

    private FacadeGrant grant(Context ctx) {
        String bearer = Authenticator.bearer(ctx);
        try {
            if (bearer != null) {
                return tokens.verifyFacadeToken(bearer);
            }
        } catch (AuthenticationException _) {
            // Answered below: to the caller a bad token is no better than none.
        }
        throw Failures.facade(401, "unauthorized", "Invalid or missing access token");
    }

    private static void refuseOtherForms(Context ctx) {
        String type = ctx.contentType();
        if (type != null && !type.startsWith("application/json")) {
            throw Failures.facade(415, "unsupported_media_type", "Expected application/json");
        }
    }

    private static List<ChannelRecord> batch(ObjectNode body) {
        JsonNode records = body.get("records");
        if (records == null || !records.isArray() || records.isEmpty() || records.size() > BATCH_RECORDS_MAX) {
            throw invalid("Expected 1 to " + BATCH_RECORDS_MAX + " records");
        }
        List<ChannelRecord> batch = new ArrayList<>();
        long bytes = 0;
        for (JsonNode record : records) {
            ChannelRecord read = record(record);
            batch.add(read);
            bytes += read.meteredBytes();
        }
        if (bytes > BATCH_BYTES_MAX) {
            throw batch.size() == 1 ? Failures.recordTooLarge(bytes) : tooLarge(bytes);
        }
        return batch;
    }

    private static ChannelRecord record(JsonNode record) {
        JsonNode body = record.path("body");
        if (!record.isObject() || !body.isMissingNode() && !body.isTextual()) {
            throw invalid("Expected a record as an object with a text as body");
        }
        List<ProtocolHeader> headers = new ArrayList<>();
        for (JsonNode header : record.path("headers")) {
            if (!header.isArray() || header.size() != 2 || !header.get(0).isTextual() || !header.get(1).isTextual()) {
                throw invalid("Expected a header as [name, value]");
            }
            headers.add(new ProtocolHeader(header.get(0).textValue(), header.get(1).textValue()));
        }
        return new ChannelRecord(body.isMissingNode() ? "" : body.textValue(), List.copyOf(headers));
    }

    /** Clients check that {@code end − start} is the size of the batch and that {@code end} rises (design D3). */
    private static ObjectNode acknowledgement(Appended appended) {
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        long end = appended.lastSeq() + 1;
        position(answer.putObject("start"), end - appended.count(), appended);
        position(answer.putObject("end"), end, appended);
        position(answer.putObject("tail"), end, appended);
        return answer;
    }

    private static void position(ObjectNode node, long seq, Appended appended) {
        node.put("seq_num", seq).put("timestamp", appended.timestampMs());
    }

    private static HttpFailure invalid(String message) {
        return Failures.facade(400, "invalid", message);
    }

    private static HttpFailure tooLarge(long bytes) {
        return Failures.facade(413, "batch_too_large",
                "Batch metered size " + bytes + " bytes exceeds the limit of " + BATCH_BYTES_MAX + " bytes");
    }
}
