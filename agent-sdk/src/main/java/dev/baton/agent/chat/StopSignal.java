package dev.baton.agent.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether the user wants this turn to end (features #249). Raised by the thread that reads {@code .in}; every turn has one of
 * its own.
 */
public final class StopSignal {
    private final CountDownLatch raised = new CountDownLatch(1);
    /** Guarded by itself. */
    private final List<Runnable> reactions = new ArrayList<>();

    StopSignal() {}

    void raise() {
        List<Runnable> due;
        synchronized (reactions) {
            raised.countDown();
            due = List.copyOf(reactions);
            reactions.clear();
        }
        due.forEach(Runnable::run);
    }

    public boolean isRaised() {
        return raised.getCount() == 0;
    }

    /**
     * Calls this when the signal is raised, at once if it is already; it must be quick. For calls that have a cancel of their
     * own.
     */
    public void onRaise(Runnable reaction) {
        boolean late;
        synchronized (reactions) {
            late = isRaised();
            if (!late) {
                reactions.add(reaction);
            }
        }
        if (late) {
            reaction.run();
        }
    }

    /** Waits this long, or shorter when the signal comes; returns whether it is raised. */
    public boolean await(Duration duration) throws InterruptedException {
        return raised.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }
}
