package dev.baton.agent.task;

import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;

import com.fasterxml.jackson.databind.JsonNode;

/** Writes to {@code .out} while other sources are merged in, each in its own order (features #129). */
public final class TaskWriter {
    private final TaskOutput out;
    private final Queue<FutureTask<Void>> merges = new ConcurrentLinkedQueue<>();

    /** Code that writes. */
    @FunctionalInterface
    public interface Code {
        void write(TaskWriter writer) throws Exception;
    }

    TaskWriter(TaskOutput out) {
        this.out = out;
    }

    /** As {@link TaskOutput#append}. */
    public void write(JsonNode data) throws InterruptedException {
        out.append(data);
    }

    /** Writes these as well, on a thread of its own. */
    public void merge(Iterable<? extends JsonNode> records) {
        begin(() -> {
            out.pipe(records);
            return null;
        });
    }

    /** The same for a publisher. */
    public void merge(Flow.Publisher<? extends JsonNode> records) {
        begin(() -> {
            out.pipe(records);
            return null;
        });
    }

    private void begin(Callable<Void> pipe) {
        FutureTask<Void> merge = new FutureTask<>(pipe);
        merges.add(merge);
        Thread.ofVirtual().name("task-merge").start(merge);
    }

    void await() throws InterruptedException, ExecutionException {
        for (FutureTask<Void> merge = merges.poll(); merge != null; merge = merges.poll()) {
            merge.get();
        }
    }
}
