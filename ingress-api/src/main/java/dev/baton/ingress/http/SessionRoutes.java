package dev.baton.ingress.http;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import dev.baton.ingress.command.CommandGateway;
import dev.baton.ingress.snapshot.SnapshotUrls;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.json.Json;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionReply.Refusal;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.token.Credential;
import dev.baton.wire.token.Environment;

/** Sessions over REST (contract §1). Whatever changes a session is a command; the answer is the reply to it. */
public final class SessionRoutes implements Routes {
    static final String COLLECTION = "/api/v1/sessions";
    static final String ITEM = COLLECTION + "/{session}";
    private static final int REASON_CHARS_MAX = 256;
    private static final int RUN_REASON_CHARS_MAX = 64;
    private static final int TAGS_MAX = 10;
    private static final int TAG_CHARS_MAX = 128;

    private final Authenticator authenticator;
    private final SessionDirectory sessions;
    private final CommandGateway commands;
    private final SnapshotUrls snapshots;

    public SessionRoutes(Authenticator authenticator, SessionDirectory sessions, CommandGateway commands,
            SnapshotUrls snapshots) {
        this.authenticator = authenticator;
        this.sessions = sessions;
        this.commands = commands;
        this.snapshots = snapshots;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post(COLLECTION, this::create);
        Routes.reading(routes, ITEM, this::retrieve);
        routes.patch(ITEM, this::update);
        routes.delete(ITEM, this::delete);
        routes.post(ITEM + "/close", this::close);
        routes.post(ITEM + "/end-and-continue", this::endAndContinue);
        Routes.reading(routes, ITEM + "/snapshot-url", this::snapshotReadUrl);
        routes.put(ITEM + "/snapshot-url", this::snapshotWriteUrl);
        routes.post(ITEM + "/keep-history", this::keepHistory);
    }

    /** Contract §1.2. */
    private void create(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        byte[] body = RequestBody.announced(ctx, RequestBody.SESSION_BYTES_MAX);
        String newId = SessionIds.mintSessionId();
        SessionCommand.CreateSession create = CreateSessionForm.read(RequestBody.object(body), newId);
        if (!Access.mayCreate(credential, create.taskIdentifier())) {
            throw Failures.createForbidden();
        }
        Environment environment = credential.environment();
        String chatId = create.externalId() == null ? newId : create.externalId();
        switch (commands.ask(new SessionKey(environment.id(), chatId), create)) {
            case SessionReply.SessionAnswered answered -> answerCreated(ctx, environment, answered);
            case SessionReply.Refused refused -> throw createRefused(refused.refusal());
            case SessionReply.AppendAnswered _,SessionReply.HandOverAnswered _,SessionReply.WaitAnswered _ ->
                throw unexpected(create);
        }
    }

    private void answerCreated(Context ctx, Environment environment, SessionReply.SessionAnswered answered) {
        SessionRow row = answered.row();
        sessions.learn(row);
        ObjectNode item = SessionJson.item(row);
        item.put("runId", row.currentRunId());
        item.put("publicAccessToken", authenticator.tokens().mintSessionToken(environment, row.chatId()));
        item.put("isCached", answered.cached());
        Answers.json(ctx.status(answered.cached() ? 200 : 201), item);
    }

    private static HttpFailure createRefused(Refusal refusal) {
        return switch (refusal) {
            case CLOSED -> Failures.createOnClosed();
            case EXPIRED -> Failures.createOnExpired();
            case DELETED -> Failures.createOnDeleted();
            case NOT_FOUND -> Failures.sessionNotFound();
            case CALLING_RUN_UNKNOWN -> Failures.callingRunUnknown();
            case TOO_MANY_WAITS -> throw new IllegalStateException("only waits are refused like that");
        };
    }

    /** Contract §1.4. */
    private void retrieve(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        Answers.json(ctx, SessionJson.item(loaded(ctx, credential).row()));
    }

    /** A loader route's session: 404 comes before 403 (contract §0.5). */
    private SessionAddress loaded(Context ctx, Credential credential) {
        SessionAddress session = SessionAddress.freshest(sessions, credential.environment().id(),
                ctx.pathParam("session"));
        if (session.row() == null) {
            throw Failures.notFound();
        }
        Access.require(Access.may(credential, Access.READ, session.key(), session.forms()));
        return session;
    }

    /** Contract §1.5. Scopes are compared with the path value only. */
    private void update(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        byte[] body = RequestBody.announced(ctx, RequestBody.SESSION_BYTES_MAX);
        FormReader form = new FormReader(RequestBody.object(body));
        List<String> tags = form.optionalTexts("tags", TAGS_MAX, TAG_CHARS_MAX);
        Json metadata = form.optionalObject("metadata");
        String externalId = form.optionalTrimmedText("externalId", 1, 256);
        SessionAddress session = administered(ctx, credential);
        if (form.has("externalId") && !java.util.Objects.equals(externalId, session.row().externalId())) {
            throw Failures.externalIdFixed();
        }
        ask(ctx, session, new SessionCommand.UpdateSession(tags, metadata, form.isNull("metadata")));
    }

    /** Contract §1.6. An empty body is taken for {@code {}} (§12). */
    private void close(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        byte[] body = RequestBody.announcedOrNone(ctx, RequestBody.SMALL_BYTES_MAX);
        FormReader form = new FormReader(RequestBody.objectOrEmpty(body));
        String reason = form.optionalText("reason", 0, REASON_CHARS_MAX);
        String callingRun = form.optionalText("callingRunId", 0, RequestBody.SMALL_BYTES_MAX);
        ask(ctx, administered(ctx, credential), new SessionCommand.CloseSession(reason, callingRun));
    }

    /** PROTOCOL 2.25. The receipt is there for good, so a repeat gets it again. */
    private void delete(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        String environmentId = credential.environment().id();
        String session = ctx.pathParam("session");
        Optional<SessionRow> known = sessions.find(environmentId, session);
        SessionKey key = known.map(SessionRow::key).orElseGet(() -> new SessionKey(environmentId, session));
        Access.require(Access.may(credential, Access.ADMIN, key, List.of(session)));
        Access.requireCurrent(credential, known.orElseThrow(Failures::sessionNotFound));
        Answers.json(ctx, SessionJson.receipt(
                changed(key, new SessionCommand.DeleteSession(), Failures::sessionNotFound)));
    }

    private SessionAddress administered(Context ctx, Credential credential) {
        SessionAddress session = address(ctx, credential);
        Access.require(Access.may(credential, Access.ADMIN, session.key(), List.of(session.pathValue())));
        if (session.row() == null) {
            throw Failures.sessionNotFound();
        }
        Access.requireCurrent(credential, session.row());
        return session;
    }

    /** Answers with the session as the command left it. */
    private void ask(Context ctx, SessionAddress session, SessionCommand command) {
        Answers.json(ctx, SessionJson.item(changed(session.key(), command, Failures::sessionNotFound)));
    }

    /** The session as the command left it. */
    private SessionRow changed(SessionKey key, SessionCommand command, Supplier<HttpFailure> notFound) {
        return switch (commands.ask(key, command)) {
            case SessionReply.SessionAnswered answered -> {
                sessions.learn(answered.row());
                yield answered.row();
            }
            case SessionReply.Refused _ -> throw notFound.get();
            case SessionReply.AppendAnswered _,SessionReply.HandOverAnswered _,SessionReply.WaitAnswered _ ->
                throw unexpected(command);
        };
    }

    /** Contract §1.7. A run that was superseded learns here who owns the session now, so it is not refused as stale. */
    private void endAndContinue(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        byte[] body = RequestBody.announced(ctx, RequestBody.SMALL_BYTES_MAX);
        FormReader form = new FormReader(RequestBody.object(body));
        String callingRun = form.requiredText("callingRunId", 0, RequestBody.SMALL_BYTES_MAX);
        String reason = form.requiredText("reason", 0, RUN_REASON_CHARS_MAX);
        CreateSessionForm.deploymentId(form);
        SessionAddress session = address(ctx, credential);
        Access.require(Access.may(credential, Access.WRITE, session.key(), session.forms()));
        if (session.row() == null) {
            throw Failures.resourceNotFound();
        }
        if (!callingRun.equals(credential.writer().runId())) {
            // Only for itself may a run ask once it is over.
            Access.requireCurrent(credential, session.row());
        }
        SessionCommand command = new SessionCommand.EndAndContinue(callingRun, RunReason.ofLabel(reason), null);
        switch (commands.ask(session.key(), command)) {
            case SessionReply.HandOverAnswered handOver -> answerHandOver(ctx, handOver);
            case SessionReply.Refused refused -> throw continueRefused(refused.refusal());
            case SessionReply.AppendAnswered _,SessionReply.SessionAnswered _,SessionReply.WaitAnswered _ ->
                throw unexpected(command);
        }
    }

    private void answerHandOver(Context ctx, SessionReply.HandOverAnswered handOver) {
        if (handOver.row() != null) {
            sessions.learn(handOver.row());
        }
        Answers.json(ctx, WireJson.MAPPER.createObjectNode().put("runId", handOver.runId()).put("swapped",
                handOver.swapped()));
    }

    private static HttpFailure continueRefused(Refusal refusal) {
        return switch (refusal) {
            case CLOSED -> Failures.continueOnClosed();
            case EXPIRED -> Failures.continueOnExpired();
            case NOT_FOUND, DELETED -> Failures.resourceNotFound();
            case CALLING_RUN_UNKNOWN -> Failures.callingRunUnknown();
            case TOO_MANY_WAITS -> throw new IllegalStateException("only waits are refused like that");
        };
    }

    /** Contract §1.8. */
    private void snapshotReadUrl(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        SessionAddress session = loaded(ctx, credential);
        answerUrl(ctx, snapshots.readUrl(credential.environment(), session.row().id()));
    }

    /** An agent that asks for it keeps the history from now on (design D9): nobody else writes to that object. */
    private void snapshotWriteUrl(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        SessionRow row = writable(ctx, credential);
        if (!row.keptByAgent() && credential.actsAsSecretKeyFor(row.key())) {
            keptByAgent(row);
        }
        answerUrl(ctx, snapshots.writeUrl(credential.environment(), row.id()));
    }

    /** PROTOCOL 2.26. */
    private void keepHistory(Context ctx) {
        SessionRow row = writable(ctx, authenticator.secretKeyOrRunToken(ctx));
        Answers.json(ctx, SessionJson.item(row.keptByAgent() ? row : keptByAgent(row)));
    }

    private SessionRow writable(Context ctx, Credential credential) {
        SessionAddress session = address(ctx, credential);
        Access.require(Access.may(credential, Access.WRITE, session.key(), session.forms()));
        if (session.row() == null) {
            throw Failures.resourceNotFound();
        }
        Access.requireCurrent(credential, session.row());
        return session.row();
    }

    private SessionRow keptByAgent(SessionRow row) {
        return changed(row.key(), new SessionCommand.KeepHistory(), Failures::resourceNotFound);
    }

    private static void answerUrl(Context ctx, String url) {
        Answers.json(ctx, WireJson.MAPPER.createObjectNode().put("presignedUrl", url));
    }

    private SessionAddress address(Context ctx, Credential credential) {
        return SessionAddress.of(sessions, credential.environment().id(), ctx.pathParam("session"));
    }

    private static IllegalStateException unexpected(SessionCommand command) {
        return new IllegalStateException("the reply does not fit a " + command.getClass().getSimpleName());
    }
}
