package dev.baton.agent.task;

/** A handler of {@code .in} has thrown; its exception is the cause. */
public final class TaskHandlerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TaskHandlerException(Exception cause) {
        super("expected the handler of .in to return, but it threw", cause);
    }
}
