package dev.baton.ingress.sse;

/** The two clocks of a stream. */
public interface SseClock {
    SseClock SYSTEM = new SseClock() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long epochMs() {
            return System.currentTimeMillis();
        }
    };

    /** Monotonic, in nanoseconds from an arbitrary origin: measures silence. */
    long nanoTime();

    /** Wall clock in milliseconds: goes into pings. */
    long epochMs();
}
