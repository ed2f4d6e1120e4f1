package dev.baton.snapshot.turn;

import java.util.concurrent.CompletionStage;

import dev.baton.wire.history.Boundary;

/** Tells the session topology that a turn is settled. */
public interface TurnReporter {
    /** Repeats are harmless. The stage completes when the report is stored, or exceptionally when it is not. */
    CompletionStage<Void> report(Boundary boundary);
}
