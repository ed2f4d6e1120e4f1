package dev.baton.ingress.http;

import io.javalin.http.Context;

import dev.baton.ingress.log.ChannelReader;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.token.Credential;

/** The channel that a path names. */
record ChannelAddress(SessionAddress session, Channel channel) {
    static ChannelAddress of(Context ctx, Credential credential, SessionDirectory sessions) {
        Channel channel = Channel.ofWireName(ctx.pathParam("io"))
                .orElseThrow(() -> Failures.pathParams("io must be 'in' or 'out'"));
        return new ChannelAddress(
                SessionAddress.of(sessions, credential.environment().id(), ctx.pathParam("session")), channel);
    }

    /** The channel of a loader route, if the caller may read it: 404 comes before 403 (contract §0.5, §0.9). */
    static ChannelAddress readable(Context ctx, Credential credential, SessionDirectory sessions) {
        ChannelAddress target = of(ctx, credential, sessions);
        if (target.session().namesNothing()) {
            throw Failures.notFound();
        }
        Access.require(Access.may(credential, Access.READ, target.session().key(),
                target.session().forms(target.channel())));
        return target;
    }

    ChannelReader.Target readTarget() {
        return new ChannelReader.Target(session.key(), channel, session.row());
    }
}
