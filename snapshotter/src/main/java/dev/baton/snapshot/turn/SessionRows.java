package dev.baton.snapshot.turn;

import java.util.Optional;

import dev.baton.snapshot.domain.SessionFacts;
import dev.baton.wire.session.SessionKey;

/** The rows of sessions as far as they are known here. */
public interface SessionRows {
    Optional<SessionFacts> row(SessionKey key);
}
