package dev.baton.agent.chat;

/** A {@link Hook} that is asked for something. */
@FunctionalInterface
public interface AnsweringHook<E, R> {
    /** As {@link Hook#on}. @return never null */
    R on(E event) throws Exception;
}
