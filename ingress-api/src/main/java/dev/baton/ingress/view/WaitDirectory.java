package dev.baton.ingress.view;

import java.util.Optional;

import dev.baton.wire.session.WaitRow;

/** What the ingress knows of waits. What was committed before a call is found. */
public interface WaitDirectory {
    /** A wait that is pending, or was settled not too long ago. */
    Optional<WaitRow> findWait(String environmentId, String waitpointId);
}
