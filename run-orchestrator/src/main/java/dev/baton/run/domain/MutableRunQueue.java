package dev.baton.run.domain;

/** The write face of a {@link RunQueue}: what events change. One thread owns a queue. */
public interface MutableRunQueue extends RunQueue {
    void putRun(RunState run);

    void removeRun(String runId);

    void putPoll(WorkerPoll poll);

    void removePoll(String pollId);

    void putPulse(WorkerPulse pulse);

    void removePulse(String workerId);

    void putVersions(WorkerVersions versions);
}
