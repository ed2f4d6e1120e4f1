package dev.baton.ingress.command;

import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;

/** The way to the one who decides. */
@FunctionalInterface
public interface CommandGateway {
    /**
     * Sends a command and waits for its reply, which is there only after the decision is committed.
     *
     * @throws NoReplyException when none came in time: the command may or may not be carried out, and repeating it is
     *     safe where the protocol says so
     */
    SessionReply ask(SessionKey key, SessionCommand command);
}
