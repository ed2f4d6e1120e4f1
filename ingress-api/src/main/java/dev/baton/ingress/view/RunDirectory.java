package dev.baton.ingress.view;

import java.util.List;
import java.util.Optional;

import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRunRow;

/** What the ingress knows of runs (design D12). */
public interface RunDirectory {
    /** A run of any session of the environment. "Empty" is exact; what is found may be behind. */
    Optional<KnownRun> find(String environmentId, String runId);

    /** As {@link #find}, and what was committed before the call is taken into account. */
    Optional<KnownRun> findFresh(String environmentId, String runId);

    /** All runs of a session that were committed before the call, newest first. */
    List<SessionRunRow> ofSession(SessionKey key);

    /**
     * The runs of one environment that fit, the one that was requested last first. What was committed before the call is
     * taken into account.
     */
    Page<KnownRun> page(String environmentId, RunFilter filter, Paging<ListPosition> paging);
}
