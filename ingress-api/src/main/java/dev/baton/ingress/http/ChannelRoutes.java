package dev.baton.ingress.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.ingress.command.CommandGateway;
import dev.baton.ingress.command.NoReplyException;
import dev.baton.ingress.log.ChannelAppender;
import dev.baton.ingress.log.ChannelReader;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionReply.Refusal;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.token.Credential;

/** The channels of a session, its own two and its side channels: append, drain, and the credentials of direct writes (contract §2.1, §2.4, §2.5, §2.7). */
public final class ChannelRoutes implements Routes {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelRoutes.class);
    static final String CHANNEL = "/realtime/v1/sessions/{session}/{io}";

    /** Contract §2.8. */
    static final String SIDE_CHANNEL = "/realtime/v1/sessions/{session}/channels/{" + ChannelAddress.SIDE + "}/{io}";

    private final Authenticator authenticator;
    private final SessionDirectory sessions;
    private final CommandGateway commands;
    private final ChannelAppender out;
    private final ChannelReader reader;
    private final DirectWrites directWrites;

    public ChannelRoutes(Authenticator authenticator, SessionDirectory sessions, CommandGateway commands,
            ChannelAppender out, ChannelReader reader, DirectWrites directWrites) {
        this.authenticator = authenticator;
        this.sessions = sessions;
        this.commands = commands;
        this.out = out;
        this.reader = reader;
        this.directWrites = directWrites;
    }

    @Override
    public void register(RoutesConfig routes) {
        for (String channel : List.of(CHANNEL, SIDE_CHANNEL)) {
            routes.put(channel, this::initialize);
            routes.head(channel, this::probe);
            routes.post(channel + "/append", this::append);
            Routes.reading(routes, channel + "/records", this::records);
        }
    }

    /** Contract §2.1. Errors are plain text there. */
    private void initialize(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        ChannelAddress target = ChannelAddress.of(ctx, credential, sessions);
        SessionAddress session = target.session();
        Access.require(Access.may(credential, Access.WRITE, session.key(),
                target.scopeIds(Set.of(session.pathValue()))));
        if (target.channel() == Channel.OUT && !credential.actsAsSecretKeyFor(session.key())) {
            throw Failures.initNeedsSecretKey();
        }
        if (session.namesNothing()) {
            throw Failures.initNotFound();
        }
        Access.requireCurrent(credential, session.row());
        if (session.row() != null && session.row().closed() && !finishesItsTurn(target)) {
            throw Failures.initOnClosed();
        }
        directWrites.headers(credential, target.key(), target.channel()).forEach(ctx::header);
        Answers.json(ctx.status(202), WireJson.MAPPER.createObjectNode().put("version", "v2"));
    }

    /** A run that is alive when its session is closed may still write the end of its turn (contract §11). */
    private static boolean finishesItsTurn(ChannelAddress target) {
        return target.channel() == Channel.OUT && target.session().row().runLive();
    }

    /** Contract §2.4. */
    private void probe(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        ChannelAddress.readable(ctx, credential, sessions);
        ctx.header("X-Last-Chunk-Index", "0").status(200);
    }

    /** Contract §2.5. */
    private void append(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        byte[] body = RequestBody.announced(ctx, RequestBody.APPEND_BYTES_MAX);
        if (body.length == 0) {
            throw Failures.emptyBody();
        }
        ChannelAddress target = ChannelAddress.of(ctx, credential, sessions);
        SessionAddress session = target.session();
        Access.require(
                Access.may(credential, Access.WRITE, session.key(), target.scopeIds(session.forms())));
        if (session.row() == null) {
            throw Failures.resourceNotFound();
        }
        Access.requireCurrent(credential, session.row());
        String data = new String(body, StandardCharsets.UTF_8);
        String partId = ctx.header("X-Part-Id");
        switch (target.channel()) {
            case IN -> appendIn(ctx, target, bounded(InputOrigin.withoutForgedOrigin(data), partId), partId);
            case OUT -> appendOut(ctx, credential, target, data, partId);
        }
    }

    /** A session judges its own channel itself; for a side channel, of which it knows nothing, its row is asked. */
    private void appendIn(Context ctx, ChannelAddress target, ChannelRecord record, String partId) {
        if (target.isSide()) {
            requireOpen(target.session().row());
        }
        SessionCommand append = target.isSide()
                ? new SessionCommand.AppendSide(partId, record.body())
                : new SessionCommand.AppendIn(partId, record.body());
        switch (commands.ask(target.key(), append)) {
            case SessionReply.AppendAnswered appended -> answerSeq(ctx, appended.seq());
            case SessionReply.Refused refused -> throw refused(refused.refusal(), refused.detail());
            case SessionReply.SessionAnswered _,SessionReply.HandOverAnswered _,SessionReply.WaitAnswered _ ->
                throw new IllegalStateException("the reply does not fit an append");
        }
    }

    /** The ingress decides this one alone: {@code .out} never takes the way through the topology (design D1). */
    private void appendOut(Context ctx, Credential credential, ChannelAddress target, String data, String partId) {
        requireOpen(target.session().row());
        if (!credential.actsAsSecretKeyFor(target.session().key())) {
            throw Failures.appendNeedsSecretKey();
        }
        long seq = out.append(target.key(), List.of(bounded(data, partId)), credential.writer()).lastSeq();
        if (!target.isSide()) {
            wakeWaitsOnOut(target.session(), seq);
        }
        answerSeq(ctx, seq);
    }

    private static void requireOpen(SessionRow row) {
        if (row.closed()) {
            throw Failures.appendOnClosed(row.closedReason());
        }
        if (row.expiredAt(System.currentTimeMillis())) {
            throw Failures.appendOnExpired();
        }
    }

    /** After the record is stored: a wait is registered before it looks for records, so one of the two sees the other. */
    private void wakeWaitsOnOut(SessionAddress session, long seq) {
        try {
            commands.ask(session.key(), new SessionCommand.CompleteWaits(Channel.OUT.wireName(), null, seq));
        } catch (NoReplyException e) {
            // The record is stored and will be read; that nobody was woken is no reason to store it again (features #89).
            LOG.warn("no wake-up after an append to out, cause={}", e.getMessage());
        }
    }

    private static ChannelRecord bounded(String data, String partId) {
        ChannelRecord record = ChannelRecord.ofText(data, partId == null ? SessionIds.mintPartId() : partId);
        if (record.meteredBytes() > ChannelRecord.METERED_BYTES_MAX) {
            throw Failures.recordTooLarge(record.meteredBytes());
        }
        return record;
    }

    private static HttpFailure refused(Refusal refusal, String detail) {
        return switch (refusal) {
            case CLOSED -> Failures.appendOnClosed(detail);
            case EXPIRED -> Failures.appendOnExpired();
            case NOT_FOUND, DELETED, CALLING_RUN_UNKNOWN -> Failures.resourceNotFound();
            case TOO_MANY_WAITS -> throw new IllegalStateException("only waits are refused like that");
        };
    }

    private static void answerSeq(Context ctx, long seq) {
        Answers.json(ctx, WireJson.MAPPER.createObjectNode().put("ok", true).put("seq", seq));
    }

    /** Contract §2.7. */
    private void records(Context ctx) throws IOException, InterruptedException {
        Credential credential = authenticator.authenticate(ctx);
        OptionalLong cursor = Cursors.afterEventId(ctx.queryParam("afterEventId"));
        ChannelAddress target = ChannelAddress.readable(ctx, credential, sessions);
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        ArrayNode records = answer.putArray("records");
        reader.forEach(target.readTarget(), cursor, entry -> records.add(DrainedRecords.drained(entry.json())));
        Answers.json(ctx, answer);
    }
}
