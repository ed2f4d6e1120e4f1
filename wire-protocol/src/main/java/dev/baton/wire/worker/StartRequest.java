package dev.baton.wire.worker;

/** Body of {@code POST /api/v1/runs/{run}/attempts/{attempt}/start}. */
public record StartRequest(String workerId, String task) {}
