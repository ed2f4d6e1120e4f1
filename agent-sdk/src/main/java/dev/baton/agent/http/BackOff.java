package dev.baton.agent.http;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses that double up to a bound, each with a random part on top so that many runs do not come back in step. Not
 * shared between threads.
 */
public final class BackOff {
    private final Duration first;
    private final Duration most;
    private final Duration jitterMost;
    private Duration next;

    /**
     * @param first the first pause, without its random part
     * @param most bound of the doubling
     * @param jitterMost bound of the random part
     */
    public BackOff(Duration first, Duration most, Duration jitterMost) {
        this.first = first;
        this.most = most;
        this.jitterMost = jitterMost;
        this.next = first;
    }

    /** For single calls: 100 ms doubling to 2 s. */
    public static BackOff ofCalls() {
        return new BackOff(Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofMillis(100));
    }

    /** For tails: 1 s doubling to 30 s and up to 1 s of jitter (features #295). */
    public static BackOff ofTails() {
        return new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(1));
    }

    /** The pause to make now; the one after it is twice as long. */
    public Duration next() {
        Duration pause = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(most) > 0 ? most : doubled;
        return pause.plusNanos(jitterMost.isZero() ? 0 : ThreadLocalRandom.current().nextLong(jitterMost.toNanos()));
    }

    /** Sleeps for {@link #next()}. */
    public void pause() throws InterruptedException {
        Thread.sleep(next());
    }

    /** Something went well: the next pause is the first one again. */
    public void reset() {
        next = first;
    }
}
