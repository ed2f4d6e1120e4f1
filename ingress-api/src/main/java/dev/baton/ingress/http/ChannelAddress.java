package dev.baton.ingress.http;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

import io.javalin.http.Context;

import dev.baton.ingress.log.ChannelReader;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.token.Credential;

/**
 * The channel that a path names.
 *
 * @param side name of a side channel (contract §2.8), null for the session's own channels
 */
record ChannelAddress(SessionAddress session, Channel channel, String side) {
    static final String SIDE = "channel";
    private static final Pattern SIDE_NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    /** The channel of a changing route. */
    static ChannelAddress of(Context ctx, Credential credential, SessionDirectory sessions) {
        return of(ctx, session -> SessionAddress.of(sessions, credential.environment().id(), session));
    }

    private static ChannelAddress of(Context ctx, Function<String, SessionAddress> sessions) {
        Channel channel = Channel.ofWireName(ctx.pathParam("io"))
                .orElseThrow(() -> Failures.pathParams("io must be 'in' or 'out'"));
        String side = ctx.pathParamMap().get(SIDE);
        if (side != null && !SIDE_NAME.matcher(side).matches()) {
            throw Failures.pathParams("channel must have 1 to 128 of the characters A-Z a-z 0-9 . _ -");
        }
        String session = ctx.pathParam("session");
        if (Names.namesSideChannel(session)) {
            throw Failures.pathParams("session must not hold '" + Names.SIDE_CHANNEL_SEPARATOR
                    + "': side channels have paths of their own");
        }
        return new ChannelAddress(sessions.apply(session), channel, side);
    }

    /** The channel of a loader route, if the caller may read it: 404 comes before 403 (contract §0.5, §0.9). */
    static ChannelAddress readable(Context ctx, Credential credential, SessionDirectory sessions) {
        ChannelAddress target = of(ctx,
                session -> SessionAddress.fresh(sessions, credential.environment().id(), session));
        if (target.session().namesNothing()) {
            throw Failures.notFound();
        }
        Access.require(Access.may(credential, Access.READ, target.session().key(),
                target.scopeIds(target.session().forms())));
        return target;
    }

    boolean isSide() {
        return side != null;
    }

    /** Key of the channel's records. */
    SessionKey key() {
        return isSide() ? Names.sideChannelKey(session.key(), side) : session.key();
    }

    /** What a scope may name to cover this channel: the session in one of these forms, or only this channel of it. */
    Set<String> scopeIds(Set<String> sessionForms) {
        Set<String> ids = new LinkedHashSet<>(sessionForms);
        for (String form : sessionForms) {
            String channelId = isSide() ? form + Names.SIDE_CHANNEL_SEPARATOR + side : form;
            ids.add(channelId);
            ids.add(channelId + ":" + channel.wireName());
        }
        return ids;
    }

    ChannelReader.Target readTarget() {
        return isSide()
                ? ChannelReader.Target.ofSideChannel(key(), channel, session.row())
                : ChannelReader.Target.of(key(), channel, session.row());
    }
}
