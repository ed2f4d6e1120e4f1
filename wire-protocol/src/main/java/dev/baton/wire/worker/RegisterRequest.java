package dev.baton.wire.worker;

import java.util.Map;

/**
 * Body of {@code POST /api/v1/workers/register}: what a worker is, said once before it asks for runs.
 *
 * @param workerId chosen by the worker process, unique per process start and task
 * @param capacity how many runs it may hold at once
 * @param limits how many runs of the task may execute at once, by name of a limit; null leaves them as they are
 * @param promote whether a version that is new becomes the current one; null means yes
 */
public record RegisterRequest(String workerId, String task, String version, int capacity,
        Map<String, Integer> limits, Boolean promote) {}
