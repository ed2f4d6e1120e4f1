package dev.baton.session.domain;

import java.util.Optional;

import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.SessionRunRow;

/**
 * Who serves a session. The generation is that of the run and rises by one with every hand-over (design D5).
 *
 * <p>Moves, all others do not exist:
 *
 * <pre>
 * Unowned -> Requested : RunHandedOver
 * Requested -> Live : RunStarted
 * Requested -> Ended : RunEnded
 * Live -> Live : RunStarted
 * Live -> Ended : RunEnded
 * Ended -> Requested : RunHandedOver
 * </pre>
 */
public sealed interface Ownership {
    /** The provenance row of the run that owns the session or owned it last. */
    Optional<SessionRunRow> lastRun();

    /** 0 before the first run. */
    default long generation() {
        return lastRun().map(SessionRunRow::generation).orElse(0L);
    }

    /** The same owner with one more turn on its provenance row. */
    Ownership turnServed();

    /** No run is bound to answer: a new one may take over. */
    sealed interface Vacant extends Ownership {
        /** @param notBefore epoch milliseconds before which the orchestrator must not start it */
        default Requested handedTo(SessionRunRow run, long notBefore) {
            return new Requested(run, notBefore);
        }
    }

    /** A run is on its way or at work: whatever is appended now will be answered by it or by its successor. */
    sealed interface Alive extends Ownership {
        SessionRunRow run();

        @Override
        default Optional<SessionRunRow> lastRun() {
            return Optional.of(run());
        }

        default Live started(SessionEvent.RunStarted start) {
            return new Live(RunProvenance.started(run(), start));
        }

        default Ended ended(long at, RunOutcome outcome, String error) {
            return new Ended(RunProvenance.ended(run(), at, outcome, error));
        }
    }

    /** There was never a run. */
    record Unowned() implements Vacant {
        @Override
        public Optional<SessionRunRow> lastRun() {
            return Optional.empty();
        }

        @Override
        public Unowned turnServed() {
            return this;
        }
    }

    /** Asked of the orchestrator; no worker has it yet. */
    record Requested(SessionRunRow run, long notBefore) implements Alive {
        @Override
        public Requested turnServed() {
            return new Requested(RunProvenance.turnServed(run), notBefore);
        }
    }

    /** A worker has it. */
    record Live(SessionRunRow run) implements Alive {
        @Override
        public Live turnServed() {
            return new Live(RunProvenance.turnServed(run));
        }
    }

    /** The last run is over. */
    record Ended(SessionRunRow run) implements Vacant {
        @Override
        public Optional<SessionRunRow> lastRun() {
            return Optional.of(run);
        }

        @Override
        public Ended turnServed() {
            return new Ended(RunProvenance.turnServed(run));
        }
    }
}
