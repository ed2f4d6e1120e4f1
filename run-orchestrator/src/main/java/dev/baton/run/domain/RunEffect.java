package dev.baton.run.domain;

import dev.baton.wire.run.RunEvent;
import dev.baton.wire.session.SessionKey;

/** What a decision tells others; it leaves in the transaction of the decision. */
public sealed interface RunEffect {
    record TellGateway(String gatewayId, RunAssignment assignment) implements RunEffect {}

    record TellSession(SessionKey key, RunEvent event) implements RunEffect {}
}
