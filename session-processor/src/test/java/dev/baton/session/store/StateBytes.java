package dev.baton.session.store;

import dev.baton.session.domain.SessionState;

/** Lets tests of other packages send a state through its bytes. */
public final class StateBytes {
    private StateBytes() {}

    public static SessionState.Known roundTrip(SessionState.Known state) {
        return SessionStateCodec.read(SessionStateCodec.write(state));
    }
}
