package dev.baton.run.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.baton.run.domain.RunAssignment.AssignRun;
import dev.baton.run.domain.RunReport;

/**
 * One long poll while it waits. The thread of its request waits in it, the thread of the assignment reader offers runs,
 * and whoever closes it first decides: a run offered later is not taken and goes back to its queue.
 */
final class OpenPoll {
    private final String queueKey;
    private final RunReport.Poll poll;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<AssignRun> received = new ArrayList<>();
    private boolean complete;
    private boolean closed;

    OpenPoll(String queueKey, RunReport.Poll poll) {
        this.queueKey = queueKey;
        this.poll = poll;
    }

    String queueKey() {
        return queueKey;
    }

    RunReport.Poll poll() {
        return poll;
    }

    /** Called by the reader's thread; never blocks. @return false when the poll was answered already */
    boolean offer(AssignRun assignment) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            received.add(assignment);
            complete = received.size() >= assignment.batch();
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is nothing more to wait for, at most so long. @return whether that is so */
    boolean await(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lock();
        try {
            while (!complete && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return complete;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the waiting request go with what it has: the gateway stops. */
    void release() {
        lock.lock();
        try {
            complete = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more runs. @return those it got */
    List<AssignRun> close() {
        lock.lock();
        try {
            closed = true;
            return List.copyOf(received);
        } finally {
            lock.unlock();
        }
    }
}
