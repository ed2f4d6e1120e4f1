package dev.baton.run.domain;

import dev.baton.wire.run.RunRequest;

/** Everything that can move a run. */
public sealed interface RunInput {
    /** The session topology asks. */
    record Requested(RunRequest request) implements RunInput {}

    /** A gateway reports. */
    record Reported(RunReport report) implements RunInput {}

    /**
     * Time passed.
     *
     * @param watchingSinceMs since when reports are read without a pause; silence before that is nobody's fault
     */
    record Tick(long watchingSinceMs) implements RunInput {}
}
