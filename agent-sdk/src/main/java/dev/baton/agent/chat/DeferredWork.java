package dev.baton.agent.chat;

/** Work beside a turn. */
@FunctionalInterface
public interface DeferredWork {
    /** @throws InterruptedException when the run ends before it is done */
    void call() throws Exception;
}
