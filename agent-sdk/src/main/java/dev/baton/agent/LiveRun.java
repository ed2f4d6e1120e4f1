package dev.baton.agent;

/** A run that this worker executes. */
final class LiveRun {
    private final AgentRun run;
    private final Thread thread;
    private volatile boolean cancelled;

    /** @param body executes the run; the thread is not started yet */
    LiveRun(AgentRun run, java.util.function.Consumer<LiveRun> body) {
        this.run = run;
        this.thread = Thread.ofVirtual().name(run.assignment().runId()).unstarted(() -> body.accept(this));
    }

    AgentRun run() {
        return run;
    }

    String runId() {
        return run.assignment().runId();
    }

    boolean cancelled() {
        return cancelled;
    }

    void start() {
        thread.start();
    }

    /** Somebody wants it gone: it was cancelled or is no longer this worker's. */
    void cancel() {
        if (!cancelled) {
            cancelled = true;
            thread.interrupt();
        }
    }

    /** The worker has to go: the run breaks off, its session goes on elsewhere. */
    void breakOff() {
        thread.interrupt();
    }
}
