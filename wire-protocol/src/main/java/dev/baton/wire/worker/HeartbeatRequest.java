package dev.baton.wire.worker;

import java.util.List;

/**
 * Body of {@code POST /api/v1/workers/heartbeat}: one per worker and task, not one per run.
 *
 * @param runs ids of all runs the worker is executing; a run it was given and that is missing here counts as crashed
 * @param waiting those of them that do nothing but wait, which does not count as executing; null means none
 */
public record HeartbeatRequest(String workerId, String task, String version, List<String> runs,
        List<String> waiting) {}
