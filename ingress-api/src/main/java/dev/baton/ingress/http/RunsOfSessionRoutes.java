package dev.baton.ingress.http;

import java.util.List;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import dev.baton.ingress.view.Page;
import dev.baton.ingress.view.Paging;
import dev.baton.ingress.view.RunDirectory;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.session.SessionRunRow;
import dev.baton.wire.token.Credential;

/** Provenance: which runs served a session, when and why. Not in the protocol, whose servers keep it to themselves. */
public final class RunsOfSessionRoutes implements Routes {
    /** Whoever asks once sees the whole history of all but the longest sessions. */
    private static final int PAGE_SIZE_DEFAULT = 100;

    private final Authenticator authenticator;
    private final SessionDirectory sessions;
    private final RunDirectory runs;

    public RunsOfSessionRoutes(Authenticator authenticator, SessionDirectory sessions, RunDirectory runs) {
        this.authenticator = authenticator;
        this.sessions = sessions;
        this.runs = runs;
    }

    @Override
    public void register(RoutesConfig routes) {
        Routes.reading(routes, SessionRoutes.ITEM + "/runs", this::list);
    }

    private void list(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        SessionAddress session = SessionAddress.of(sessions, credential.environment().id(), ctx.pathParam("session"));
        if (session.row() == null) {
            throw Failures.notFound();
        }
        Access.require(Access.may(credential, Access.READ, session.key(), session.forms()));
        Paging<Long> paging = QueryReader.of(ctx).paging(PAGE_SIZE_DEFAULT, PageCursors::run);
        Answers.json(ctx, SessionJson.runs(page(runs.ofSession(session.key()), paging)));
    }

    /** @param newestFirst a session has few runs: all of them are at hand */
    static Page<SessionRunRow> page(List<SessionRunRow> newestFirst, Paging<Long> paging) {
        List<SessionRunRow> onwards = paging.backward() ? newestFirst.reversed() : newestFirst;
        return Page.of(onwards.stream()
                .filter(run -> paging.after() == null || run.generation() < paging.after())
                .filter(run -> paging.before() == null || run.generation() > paging.before()), paging);
    }
}
