package dev.baton.audit.domain;

import dev.baton.wire.history.Boundary;

/**
 * A turn-complete on {@code .out}.
 *
 * @param runId null when a writer without a run wrote it
 * @param atMs arrival, epoch milliseconds
 * @param shown false when it is void: behind the fence of a later generation
 */
public record TurnFact(Boundary boundary, String runId, long atMs, boolean shown) {}
