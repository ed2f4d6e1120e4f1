package dev.baton.ingress.http;

import java.util.EnumSet;
import java.util.Set;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import dev.baton.ingress.command.CommandGateway;
import dev.baton.ingress.view.KnownRun;
import dev.baton.ingress.view.ListPosition;
import dev.baton.ingress.view.Paging;
import dev.baton.ingress.view.RunDirectory;
import dev.baton.ingress.view.RunFilter;
import dev.baton.ingress.view.RunStatus;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.token.Credential;

/** Single runs, for operators: how one stands, what happened to it, and stopping it (decision 0014). */
public final class RunRoutes implements Routes {
    static final String COLLECTION = "/api/v1/runs";
    static final String ITEM = COLLECTION + "/{run}";
    private static final int PAGE_SIZE_DEFAULT = 20;

    private final Authenticator authenticator;
    private final SessionDirectory sessions;
    private final RunDirectory runs;
    private final CommandGateway commands;

    public RunRoutes(Authenticator authenticator, SessionDirectory sessions, RunDirectory runs,
            CommandGateway commands) {
        this.authenticator = authenticator;
        this.sessions = sessions;
        this.runs = runs;
        this.commands = commands;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(COLLECTION, this::list);
        routes.get(ITEM, ctx -> Answers.json(ctx, SessionJson.runAlone(owned(ctx, Access.READ).run())));
        routes.get(ITEM + "/events", ctx -> Answers.json(ctx, RunEventsJson.of(owned(ctx, Access.READ).run())));
        routes.post(ITEM + "/cancel", this::cancel);
    }

    private void list(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        QueryReader query = QueryReader.of(ctx);
        RunFilter filter = new RunFilter(query.exact("filter[session]"), query.anyOf("filter[taskIdentifier]"),
                statuses(query), query.exact("filter[version]"));
        Paging<ListPosition> paging = query.paging(PAGE_SIZE_DEFAULT, PageCursors::session);
        Access.require(Access.mayList(credential, filter.taskIdentifiers()));
        Answers.json(ctx,
                SessionJson.allRuns(runs.page(credential.environment().id(), filter, paging)));
    }

    private static Set<RunStatus> statuses(QueryReader query) {
        Set<String> names = query.anyOf("filter[status]");
        Set<RunStatus> statuses = EnumSet.noneOf(RunStatus.class);
        for (RunStatus status : RunStatus.values()) {
            if (names.remove(status.label())) {
                statuses.add(status);
            }
        }
        if (!names.isEmpty()) {
            throw Failures.query("filter[status] must be a status of runs, such as executing or crashed");
        }
        return statuses;
    }

    private void cancel(Context ctx) {
        OwnedRun owned = owned(ctx, Access.ADMIN);
        Access.requireCurrent(authenticator.authenticate(ctx), owned.session());
        SessionCommand command = new SessionCommand.CancelRun(owned.run().row().runId());
        switch (commands.ask(owned.session().key(), command)) {
            case SessionReply.SessionAnswered answered -> sessions.learn(answered.row());
            case SessionReply.Refused _ -> throw Failures.runNotFound();
            case SessionReply.AppendAnswered _,SessionReply.HandOverAnswered _,SessionReply.WaitAnswered _ ->
                throw new IllegalStateException("the reply does not fit a cancel");
        }
        Answers.json(ctx, SessionJson.runAlone(owned(ctx, Access.ADMIN).run()));
    }

    /** A run with the row of the session it belongs to. */
    private record OwnedRun(KnownRun run, SessionRow session) {}

    private OwnedRun owned(Context ctx, String action) {
        Credential credential = authenticator.authenticate(ctx);
        String environmentId = credential.environment().id();
        KnownRun run = runs.findFresh(environmentId, ctx.pathParam("run")).orElseThrow(Failures::runNotFound);
        SessionAddress session = SessionAddress.of(sessions, environmentId, run.row().sessionId());
        if (session.row() == null) {
            throw Failures.runNotFound();
        }
        Access.require(Access.may(credential, action, session.key(), session.forms()));
        return new OwnedRun(run, session.row());
    }
}
