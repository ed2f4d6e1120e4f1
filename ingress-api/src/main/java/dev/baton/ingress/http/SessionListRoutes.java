package dev.baton.ingress.http;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import dev.baton.ingress.view.ListPosition;
import dev.baton.ingress.view.Paging;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.ingress.view.SessionFilter;
import dev.baton.ingress.view.SessionStatus;
import dev.baton.wire.token.Credential;

/** Lists of sessions, for inboxes and operators (contract §1.3; features #33, #34). */
public final class SessionListRoutes implements Routes {
    private static final int PAGE_SIZE_DEFAULT = 20;

    private final Authenticator authenticator;
    private final SessionDirectory sessions;
    private final Clock clock;

    public SessionListRoutes(Authenticator authenticator, SessionDirectory sessions, Clock clock) {
        this.authenticator = authenticator;
        this.sessions = sessions;
        this.clock = clock;
    }

    @Override
    public void register(RoutesConfig routes) {
        Routes.reading(routes, SessionRoutes.COLLECTION, this::list);
    }

    private void list(Context ctx) {
        Credential credential = authenticator.authenticate(ctx);
        QueryReader query = QueryReader.of(ctx);
        SessionFilter filter = filter(query, clock.millis());
        Paging<ListPosition> paging = query.paging(PAGE_SIZE_DEFAULT, PageCursors::session);
        Access.require(Access.mayList(credential, filter.taskIdentifiers()));
        Answers.json(ctx, SessionJson.sessions(sessions.page(credential.environment().id(), filter, paging)));
    }

    /** An externalId may hold commas, so it may be repeated but not joined. */
    static SessionFilter filter(QueryReader query, long now) {
        long from = query.epochMs("filter[createdAt][from]", Long.MIN_VALUE);
        long to = query.epochMs("filter[createdAt][to]", Long.MAX_VALUE);
        Duration period = query.period("filter[createdAt][period]");
        long since = period == null ? from : Math.max(from, now - period.toMillis());
        return new SessionFilter(query.anyOf("filter[type]"), query.anyOf("filter[tags]"),
                query.anyOf("filter[taskIdentifier]"), query.exact("filter[externalId]"), statuses(query), since, to,
                now);
    }

    private static Set<SessionStatus> statuses(QueryReader query) {
        Set<SessionStatus> statuses = EnumSet.noneOf(SessionStatus.class);
        for (String name : query.anyOf("filter[status]")) {
            try {
                statuses.add(SessionStatus.valueOf(name));
            } catch (IllegalArgumentException _) {
                throw Failures.query("filter[status] must be ACTIVE, CLOSED or EXPIRED");
            }
        }
        return statuses;
    }
}
