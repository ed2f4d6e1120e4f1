package dev.baton.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** Since when the object store fails. Written by the workers, read by health requests. */
public final class StoreHealth {
    /** A store that fails for longer than this makes the snapshotter not ready. */
    static final Duration TROUBLE_MAX = Duration.ofSeconds(15);

    private final InstantSource clock;
    private final AtomicReference<Instant> failingSince = new AtomicReference<>();

    public StoreHealth(InstantSource clock) {
        this.clock = clock;
    }

    void succeeded() {
        failingSince.set(null);
    }

    void failed() {
        failingSince.compareAndSet(null, clock.instant());
    }

    boolean usable() {
        Instant since = failingSince.get();
        return since == null || since.plus(TROUBLE_MAX).isAfter(clock.instant());
    }
}
