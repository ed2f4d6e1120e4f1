package dev.baton.ingress.tail;

import java.time.Duration;

/** Where a stream takes its records from. */
@FunctionalInterface
public interface DeliverySource {
    /** Waits for the next delivery, at most this long. */
    Delivery take(Duration maxWait) throws InterruptedException;
}
