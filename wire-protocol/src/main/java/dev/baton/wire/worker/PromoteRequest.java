package dev.baton.wire.worker;

/** Body of {@code POST /api/v1/workers/versions/{version}/promote}: unlocked runs of the task go to that version. */
public record PromoteRequest(String task) {}
