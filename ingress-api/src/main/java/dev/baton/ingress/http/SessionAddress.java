package dev.baton.ingress.http;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.baton.ingress.log.LogUnavailableException;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.wire.Names;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;

/**
 * The session that a path names (contract §0.9).
 *
 * @param pathValue decoded
 * @param key of its channels: those of the row, or of the path value itself when there is no row
 * @param row null when there is none, or none any more
 * @param deleted whether there was one
 */
record SessionAddress(String pathValue, SessionKey key, SessionRow row, boolean deleted) {
    /** For changes: whoever decides knows better than any row. */
    static SessionAddress of(SessionDirectory sessions, String environmentId, String pathValue) {
        return of(sessions.find(environmentId, pathValue), environmentId, pathValue);
    }

    /** For reads: they show what was acknowledged before them, by whichever ingress. */
    static SessionAddress fresh(SessionDirectory sessions, String environmentId, String pathValue) {
        return of(sessions.findFresh(environmentId, pathValue), environmentId, pathValue);
    }

    /** As {@link #fresh}, and while the log is away what this ingress remembers. */
    static SessionAddress freshest(SessionDirectory sessions, String environmentId, String pathValue) {
        try {
            return fresh(sessions, environmentId, pathValue);
        } catch (LogUnavailableException e) {
            return of(Optional.of(sessions.findHeld(environmentId, pathValue).orElseThrow(() -> e)), environmentId,
                    pathValue);
        }
    }

    private static SessionAddress of(Optional<SessionRow> found, String environmentId, String pathValue) {
        return found
                .map(row -> new SessionAddress(pathValue, row.key(), row.deleted() ? null : row, row.deleted()))
                .orElseGet(() -> new SessionAddress(pathValue, new SessionKey(environmentId, pathValue), null, false));
    }

    /** A friendly id without a row names nothing; an externalId names its channels even so, unless it was deleted. */
    boolean namesNothing() {
        return deleted || row == null && Names.isFriendlySessionId(pathValue);
    }

    /** All forms of the id: a scope that names one of them fits. */
    Set<String> forms() {
        Set<String> forms = new LinkedHashSet<>(List.of(pathValue));
        if (row != null) {
            forms.add(row.id());
            forms.add(row.chatId());
        }
        return forms;
    }
}
