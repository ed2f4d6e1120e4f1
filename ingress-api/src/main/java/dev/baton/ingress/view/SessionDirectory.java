package dev.baton.ingress.view;

import java.util.Optional;

import dev.baton.ingress.log.LogUnavailableException;
import dev.baton.wire.session.SessionRow;

/** What the ingress knows of sessions (design D12). */
public interface SessionDirectory {
    /**
     * The row behind a path value: a friendly id when it begins with {@code session_}, else an externalId (contract
     * §0.9). "Empty" is exact: a row that was committed before the call is found.
     */
    Optional<SessionRow> find(String environmentId, String pathValue);

    /**
     * As {@link #find}, and the row is as new as what any ingress has acknowledged before the call.
     *
     * @throws LogUnavailableException when the log cannot be asked how far that is
     */
    Optional<SessionRow> findFresh(String environmentId, String pathValue);

    /** The row that is in memory now, however old: for answers that are better than none while the log is away. */
    Optional<SessionRow> findHeld(String environmentId, String pathValue);

    /**
     * The sessions of one environment that fit, newest first (contract §1.3). Sessions that were committed before the
     * call are among them.
     */
    Page<SessionRow> page(String environmentId, SessionFilter filter, Paging<ListPosition> paging);

    /** Takes over the row of a reply, so that the next read sees what the last write did. */
    void learn(SessionRow row);
}
