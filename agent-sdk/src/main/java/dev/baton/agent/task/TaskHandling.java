package dev.baton.agent.task;

import java.util.Optional;

import dev.baton.agent.session.LogRecord;

/** The thread that calls a handler of {@code .in}. */
final class TaskHandling implements TaskInput.Subscription {
    private final TaskInput input;
    private final TaskInput.Handler handler;
    private final Thread thread;
    private volatile Exception failure;

    TaskHandling(TaskInput input, TaskInput.Handler handler) {
        this.input = input;
        this.handler = handler;
        this.thread = Thread.ofVirtual().name("task-input").unstarted(this::handle);
    }

    Thread thread() {
        return thread;
    }

    private void handle() {
        try {
            for (Optional<LogRecord> record = input.takeForHandler(); record.isPresent(); record = input
                    .takeForHandler()) {
                handler.on(record.get());
            }
        } catch (InterruptedException | TaskOverException _) {
            // Closed, by itself or with the run.
        } catch (Exception e) {
            failure = e;
        } finally {
            input.handlerEnded();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new TaskHandlerException(failure);
        }
    }
}
