package dev.baton.wire.worker;

/**
 * Body of {@code POST /api/v1/workers/dequeue}: a worker asks for runs and waits.
 *
 * @param workerId chosen by the worker process, unique per process start
 * @param task the task it can run
 * @param version of its code
 * @param slots how many runs it can take now, at least 1
 * @param waitSeconds how long to wait when there is nothing, 1–60
 */
public record DequeueRequest(String workerId, String task, String version, int slots, int waitSeconds) {}
