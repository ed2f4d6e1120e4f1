package dev.baton.agent.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Work beside the turns of one run (features #247), each on a thread of its own. A turn waits for what was begun in it, a short
 * while; what takes longer goes on until the run ends. If the process dies, it is gone.
 */
final class Deferred implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final Duration patience;
    private final Queue<Thread> awaited = new ConcurrentLinkedQueue<>();
    private final List<Thread> late = new ArrayList<>();

    Deferred(String name, Duration patience) {
        this.name = name;
        this.patience = patience;
    }

    void start(RunScope.AgentCode work, Consumer<Exception> failed) {
        awaited.add(Thread.ofVirtual().name("deferred-" + name).start(() -> {
            try {
                work.call();
            } catch (InterruptedException _) {
                // The run is over, and so is this.
            } catch (Exception e) {
                failed.accept(e);
            }
        }));
    }

    /** Returns when all is done, or the patience is at its end; says how many go on. By the run's thread. */
    int settle() throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        int before = late.size();
        for (Thread thread = awaited.poll(); thread != null; thread = awaited.poll()) {
            if (!thread.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
                late.add(thread);
            }
        }
        return late.size() - before;
    }

    /** Interrupts what still goes on. */
    @Override
    public void close() {
        awaited.forEach(Thread::interrupt);
        late.forEach(Thread::interrupt);
    }
}
