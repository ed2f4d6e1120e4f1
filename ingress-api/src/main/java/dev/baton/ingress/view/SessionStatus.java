package dev.baton.ingress.view;

import dev.baton.wire.session.SessionRow;

/** What a row means at a time. Derived, never stored: nothing is written when a session expires (contract §1.10). */
public enum SessionStatus {
    ACTIVE,
    CLOSED,
    EXPIRED;

    public static SessionStatus of(SessionRow row, long nowMs) {
        if (row.closed()) {
            return CLOSED;
        }
        return row.expiredAt(nowMs) ? EXPIRED : ACTIVE;
    }
}
