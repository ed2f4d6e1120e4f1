package dev.baton.system.fuzz;

import java.util.List;
import java.util.Random;

/** Chance that a seed decides. Confined to one thread. */
final class Dice {
    private final Random random;

    Dice(long seed) {
        this.random = new Random(seed);
    }

    /** @return true once in so many times */
    boolean once(int in) {
        return random.nextInt(in) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    @SafeVarargs
    final <T> T of(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Any bytes but those that would end a header, one per character. */
    String octets(int count) {
        StringBuilder text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            char octet = (char) random.nextInt(256);
            text.append(octet == '\r' || octet == '\n' ? '~' : octet);
        }
        return text.toString();
    }

    /** Content that is recognised wherever it turns up. */
    String secret() {
        return Ground.MARK + Integer.toHexString(random.nextInt());
    }
}
