package dev.baton.run.gateway;

/** One attempt of a run at one worker. */
record Attempt(String runId, int attempt, String workerId) {}
