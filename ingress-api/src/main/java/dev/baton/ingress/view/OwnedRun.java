package dev.baton.ingress.view;

import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/** A run with the session it belongs to. */
public record OwnedRun(SessionRunRow run, SessionRow session) {}
