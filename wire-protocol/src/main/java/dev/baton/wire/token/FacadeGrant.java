package dev.baton.wire.token;

import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;

/**
 * What a token of the direct-write facade allows: appends to one channel of one session (contract §2.1, §2.6).
 *
 * @param sessionKey of the channel's records: that of the session, or of one of its side channels
 * @param writer the run on whose behalf it was issued, {@link Writer#UNNAMED} for a plain secret key
 */
public record FacadeGrant(Environment environment, SessionKey sessionKey, Channel channel, Writer writer) {}
