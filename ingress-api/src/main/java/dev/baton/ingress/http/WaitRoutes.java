package dev.baton.ingress.http;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import dev.baton.ingress.command.CommandGateway;
import dev.baton.ingress.log.ChannelReader;
import dev.baton.ingress.tail.TailEntry;
import dev.baton.ingress.view.KnownRun;
import dev.baton.ingress.view.RunDirectory;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.ingress.view.WaitDirectory;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionReply.Refusal;
import dev.baton.wire.session.SessionRunRow;
import dev.baton.wire.session.WaitRow;
import dev.baton.wire.token.Credential;

/**
 * Waits of runs for the next record of a channel (contract §3, decision 0010). For those who run agents, never for
 * browsers: no CORS and no public tokens.
 */
public final class WaitRoutes implements Routes {
    static final String REGISTER = "/api/v1/runs/{run}/session-streams/wait";
    static final String BLOCK = "/engine/v1/runs/{run}/waitpoints/tokens/{waitpoint}/wait";
    static final String TOKEN = "/api/v1/waitpoints/tokens/{waitpoint}";
    private static final int BODY_BYTES_MAX = 10 * 1024;

    private final Authenticator authenticator;
    private final SessionDirectory sessions;
    private final RunDirectory runs;
    private final WaitDirectory waits;
    private final CommandGateway commands;
    private final ChannelReader reader;
    private final Supplier<String> publicUrl;
    private final Clock clock;

    public WaitRoutes(Authenticator authenticator, SessionDirectory sessions, RunDirectory runs,
            WaitDirectory waits, CommandGateway commands, ChannelReader reader, Supplier<String> publicUrl,
            Clock clock) {
        this.authenticator = authenticator;
        this.sessions = sessions;
        this.runs = runs;
        this.waits = waits;
        this.commands = commands;
        this.reader = reader;
        this.publicUrl = publicUrl;
        this.clock = clock;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post(REGISTER, this::register);
        routes.post(BLOCK, this::block);
        Routes.reading(routes, TOKEN, this::token);
    }

    /** Contract §3.1. */
    private void register(Context ctx) throws InterruptedException {
        Credential credential = authenticator.secretKeyOrRunToken(ctx);
        byte[] body = RequestBody.announced(ctx, BODY_BYTES_MAX);
        WaitForm form = WaitForm.read(RequestBody.object(body), clock.instant());
        SessionRunRow run = run(ctx, credential);
        SessionAddress session = SessionAddress.of(sessions, credential.environment().id(), form.session());
        if (session.namesNothing()) {
            throw Failures.sessionNotFound();
        }
        Access.require(credential.actsAsSecretKeyFor(session.key()));
        Access.requireCurrent(credential, session.row());
        SessionReply.WaitAnswered wait = ask(session, new SessionCommand.RegisterWait(SessionIds.mintWaitpointId(),
                run.runId(), form.io().wireName(), form.lastSeqNum(), form.timeoutAt(), form.tags(),
                form.idempotencyKey(), form.idempotencyExpiresAt()));
        if (form.io() == Channel.OUT) {
            completeIfThere(session, wait.waitpointId(), form.lastSeqNum());
        }
        Answers.json(ctx, WireJson.MAPPER.createObjectNode().put("waitpointId", wait.waitpointId()).put("isCached",
                wait.cached()));
    }

    /**
     * Only after the wait is registered: whatever is appended later finds it and takes it. Also for a repeat: the request
     * before it may have died between the two, and a wait that is over is not completed twice.
     */
    private void completeIfThere(SessionAddress session, String waitpointId, long lastSeqNum)
            throws InterruptedException {
        Optional<TailEntry> next = reader.first(
                ChannelReader.Target.of(session.key(), Channel.OUT, session.row()), cursor(lastSeqNum));
        if (next.isPresent()) {
            ask(session, new SessionCommand.CompleteWaits(Channel.OUT.wireName(), waitpointId, next.get().seq()));
        }
    }

    private static OptionalLong cursor(long lastSeqNum) {
        return lastSeqNum < 0 ? OptionalLong.empty() : OptionalLong.of(lastSeqNum);
    }

    private SessionReply.WaitAnswered ask(SessionAddress session, SessionCommand command) {
        return switch (commands.ask(session.key(), command)) {
            case SessionReply.WaitAnswered answered -> answered;
            case SessionReply.Refused(Refusal refusal, String detail) when refusal == Refusal.TOO_MANY_WAITS ->
                throw Failures.tooManyWaits(detail);
            case SessionReply.Refused _,SessionReply.SessionAnswered _,SessionReply.AppendAnswered _,SessionReply.HandOverAnswered _ ->
                throw new IllegalStateException("the reply does not fit a wait");
        };
    }

    /** Contract §3.2. The run says that it is suspended now; the wait is what is remembered of it. */
    private void block(Context ctx) {
        Credential credential = authenticator.secretKeyOrRunToken(ctx);
        SessionRunRow run = run(ctx, credential);
        WaitRow wait = named(ctx, credential);
        if (!wait.runId().equals(run.runId())) {
            throw Failures.waitpointNotFound();
        }
        Answers.json(ctx, WireJson.MAPPER.createObjectNode().put("success", true));
    }

    private SessionRunRow run(Context ctx, Credential credential) {
        SessionRunRow run = runs.find(credential.environment().id(), ctx.pathParam("run")).map(KnownRun::row)
                .orElseThrow(Failures::runNotFound);
        if (credential instanceof Credential.RunToken token && !token.writer().runId().equals(run.runId())) {
            throw Failures.forbidden();
        }
        return run;
    }

    private WaitRow named(Context ctx, Credential credential) {
        WaitRow wait = waits.findWait(credential.environment().id(), ctx.pathParam("waitpoint"))
                .orElseThrow(Failures::waitpointNotFound);
        Access.require(credential.actsAsSecretKeyFor(wait.key()));
        return wait;
    }

    /** Contract §3.5: for runtimes that ask until it is over. */
    private void token(Context ctx) throws InterruptedException {
        Credential credential = authenticator.secretKeyOrRunToken(ctx);
        WaitRow wait = named(ctx, credential);
        WaitRow.Status status = wait.statusAt(clock.millis());
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.put("id", wait.waitpointId());
        answer.put("url", publicUrl.get() + "/api/v1/waitpoints/tokens/" + wait.waitpointId());
        answer.put("status", status.name());
        answer.set("tags", WireJson.MAPPER.valueToTree(wait.tags()));
        answer.put("createdAt", Instant.ofEpochMilli(wait.createdAt()).toString());
        if (wait.timeoutAt() != null) {
            answer.put("timeoutAt", Instant.ofEpochMilli(wait.overAt()).toString());
        }
        switch (status) {
            case WAITING -> {
            }
            case COMPLETED -> putRecord(answer, wait);
            case TIMED_OUT -> putTimeout(answer, wait);
        }
        Answers.json(ctx, answer);
    }

    /** The output is the record itself: it is read where it lies, and is gone when its topic has let it go. */
    private void putRecord(ObjectNode answer, WaitRow wait) throws InterruptedException {
        answer.put("completedAt", Instant.ofEpochMilli(wait.completedAt()).toString());
        SessionAddress session = SessionAddress.of(sessions, wait.environmentId(), wait.chatId());
        Channel channel = Channel.ofWireName(wait.io()).orElseThrow();
        Optional<TailEntry> record = reader.first(ChannelReader.Target.of(session.key(), channel, session.row()),
                cursor(wait.seq() - 1));
        if (record.isPresent() && record.get().seq() == wait.seq()) {
            JsonNode data = DrainedRecords.drained(record.get().json()).path("data");
            answer.put("output", data.isTextual() ? data.textValue() : data.toString());
            answer.put("outputType", "application/json").put("outputIsError", false);
        }
    }

    private static void putTimeout(ObjectNode answer, WaitRow wait) {
        String at = Instant.ofEpochMilli(wait.overAt()).toString();
        answer.put("completedAt", at);
        answer.put("output",
                WireJson.MAPPER.createObjectNode().put("message", "Waitpoint timed out at " + at).toString());
        answer.put("outputType", "application/json").put("outputIsError", true);
    }
}
