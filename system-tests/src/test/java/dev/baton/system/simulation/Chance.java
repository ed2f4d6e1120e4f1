package dev.baton.system.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** All chance of one schedule: the same seed makes the same world. */
final class Chance {
    private final SplittableRandom random;

    Chance(long seed) {
        random = new SplittableRandom(seed);
    }

    /** 0 to {@code bound} − 1. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Both ends included. */
    long between(long least, long most) {
        return least + random.nextLong(most - least + 1);
    }

    /** Mostly near {@code usual}, now and then up to ten times as long. */
    long around(long usual) {
        long most = random.nextInt(12) == 0 ? 10 * usual : usual;
        return 1 + random.nextLong(Math.max(1, most));
    }

    /** True once in so many times on average; never when it is 0. */
    boolean oneIn(int times) {
        return times > 0 && random.nextInt(times) == 0;
    }

    <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
