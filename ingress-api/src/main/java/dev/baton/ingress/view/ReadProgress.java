package dev.baton.ingress.view;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.kafka.common.TopicPartition;

/** How far a reader has come, for threads that need to know that it has passed a point. */
final class ReadProgress {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    void moveTo(Map<TopicPartition, Long> newPositions) {
        lock.lock();
        try {
            positions.putAll(newPositions);
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean passed(Map<TopicPartition, Long> targets) {
        lock.lock();
        try {
            return targets.entrySet().stream()
                    .allMatch(target -> positions.getOrDefault(target.getKey(), -1L) >= target.getValue());
        } finally {
            lock.unlock();
        }
    }

    /** @return whether all targets were passed in time */
    boolean await(Map<TopicPartition, Long> targets, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!passed(targets) && left > 0) {
                left = moved.awaitNanos(left);
            }
            return passed(targets);
        } finally {
            lock.unlock();
        }
    }
}
