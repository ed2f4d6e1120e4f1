package dev.baton.agent.chat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether the user wants the running turn to end. Raised by the thread that reads {@code .in}. */
final class StopSignal {
    private final CountDownLatch raised = new CountDownLatch(1);

    void raise() {
        raised.countDown();
    }

    boolean isRaised() {
        return raised.getCount() == 0;
    }

    /** Waits this long, or shorter when the signal comes; returns whether it is raised. */
    boolean await(Duration duration) throws InterruptedException {
        return raised.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }
}
