package dev.baton.agent.testing;

import java.util.Optional;

import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;

/**
 * Who served an {@link OfflineChat}, and why.
 *
 * @param outcome empty while it runs
 */
public record OfflineRun(String runId, long generation, RunReason reason, Optional<RunOutcome> outcome) {
    OfflineRun ended(RunOutcome how) {
        return new OfflineRun(runId, generation, reason, Optional.of(how));
    }
}
