package dev.baton.ingress.http;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;

import dev.baton.ingress.command.CommandGateway;
import dev.baton.ingress.facade.AppendBatch;
import dev.baton.ingress.facade.AppendMessages;
import dev.baton.ingress.facade.AppendSession;
import dev.baton.ingress.facade.FacadeFailure;
import dev.baton.ingress.facade.StreamWriter;
import dev.baton.ingress.log.ChannelAppender;
import dev.baton.ingress.log.ChannelAppender.Appended;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.token.AuthenticationException;
import dev.baton.wire.token.FacadeGrant;
import dev.baton.wire.token.Tokens;

/**
 * Direct writes (contract §2.6): the write surface of a stream store, as far as clients of the protocol use it. One path
 * in three forms, told apart by content type: an append session over HTTP/2 (A), one batch as JSON (B) or as protobuf
 * (C). All of them go through the same limits and the same fence check.
 */
public final class FacadeRoutes implements Routes {
    /** The literal is checked against {@link DirectWrites#ENDPOINT_PATH} by the clients: it is what they were told. */
    static final String RECORDS = DirectWrites.ENDPOINT_PATH + "/streams/{name}/records";
    /** Open append sessions per process; each one holds two virtual threads. */
    private static final int SESSIONS_MAX = 10_000;
    private static final int PROTOBUF_BYTES_MAX = 2 * 1024 * 1024;
    private static final String SESSION = "s2s/proto";
    private static final String PROTOBUF = "application/protobuf";
    private static final String JSON = "application/json";

    private final Tokens tokens;
    private final SessionDirectory sessions;
    private final ChannelAppender out;
    private final CommandGateway commands;
    private final Set<AppendSession> open = ConcurrentHashMap.newKeySet();

    public FacadeRoutes(Tokens tokens, SessionDirectory sessions, ChannelAppender out, CommandGateway commands) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.out = out;
        this.commands = commands;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post(RECORDS, this::append);
    }

    @Override
    public void stop() {
        open.forEach(AppendSession::stop);
    }

    private void append(Context ctx) throws IOException, InterruptedException {
        StreamWriter writer = new StreamWriter(authorize(ctx), sessions, out, commands);
        refuseCompression(ctx);
        // As it was sent: the parsed form fails for a charset that nobody knows.
        String type = ctx.header("Content-Type");
        if (type == null || type.startsWith(JSON)) {
            Answers.json(ctx, BatchJson.acknowledgement(writer.append(jsonBatch(ctx))));
        } else if (type.startsWith(PROTOBUF)) {
            byte[] message = RequestBody.upTo(ctx, PROTOBUF_BYTES_MAX);
            Appended appended = writer.append(AppendMessages.batch(message));
            ctx.contentType(PROTOBUF).result(AppendMessages.acknowledgement(appended));
        } else if (type.startsWith(SESSION)) {
            writer.requireOwner();
            hold(ctx, writer);
        } else {
            throw FacadeFailure.unsupportedType();
        }
    }

    private static AppendBatch jsonBatch(Context ctx) {
        ObjectNode body = RequestBody.object(RequestBody.upTo(ctx, RequestBody.FACADE_BYTES_MAX));
        return BatchJson.batch(body);
    }

    /** Headers leave at once: the client waits 3 s for them, and sends its first frame when it has something to say. */
    private void hold(Context ctx, StreamWriter writer) throws IOException, InterruptedException {
        HttpServletResponse response = ctx.res();
        AppendSession session = new AppendSession(writer, ctx.req().getInputStream(), response.getOutputStream());
        if (open.size() >= SESSIONS_MAX) {
            throw FacadeFailure.tooManySessions();
        }
        open.add(session);
        try {
            response.setContentType(SESSION);
            response.flushBuffer();
            session.run();
        } finally {
            open.remove(session);
        }
    }

    private FacadeGrant authorize(Context ctx) {
        FacadeGrant grant = grant(ctx);
        boolean itsStream = ctx.pathParam("name").equals(Names.streamName(grant.sessionKey(), grant.channel()));
        if (!itsStream || grant.channel() != Channel.OUT) {
            throw FacadeFailure.forbidden();
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
        throw FacadeFailure.unauthorized();
    }

    private static void refuseCompression(Context ctx) {
        String encoding = ctx.header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw FacadeFailure.compressed();
        }
    }
}
