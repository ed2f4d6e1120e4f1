package dev.baton.ingress.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.token.Credential;

/** Provenance: which runs served a session, when and why. Not in the protocol, whose servers keep it to themselves. */
public final class RunsOfSessionRoutes implements Routes {
    private final Authenticator authenticator;
    private final SessionDirectory sessions;

    public RunsOfSessionRoutes(Authenticator authenticator, SessionDirectory sessions) {
        this.authenticator = authenticator;
        this.sessions = sessions;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get(SessionRoutes.ITEM + "/runs", this::list);
    }

    private void list(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        SessionAddress session = SessionAddress.of(sessions, credential.environment().id(), ctx.pathParam("session"));
        if (session.row() == null) {
            throw Failures.notFound();
        }
        Access.require(Access.may(credential, Access.READ, session.key(), session.forms()));
        Answers.json(ctx, SessionJson.runs(sessions.runs(session.key())));
    }
}
