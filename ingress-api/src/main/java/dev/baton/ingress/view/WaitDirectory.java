package dev.baton.ingress.view;

import java.util.Optional;

import dev.baton.wire.session.SessionRunRow;
import dev.baton.wire.session.WaitRow;

/** What the ingress knows of waits, and of the runs that wait. What was committed before a call is found. */
public interface WaitDirectory {
    /** A run of any session of the environment. */
    Optional<SessionRunRow> findRun(String environmentId, String runId);

    /** A wait that is pending, or was settled not too long ago. */
    Optional<WaitRow> findWait(String environmentId, String waitpointId);
}
