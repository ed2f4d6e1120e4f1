package dev.baton.agent.client;

import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes a publisher of something that is read once, in order, by one thread. */
final class Pulled {
    private static final int BUFFERED_MAX = 256;

    private Pulled() {}

    /** What is read. */
    @FunctionalInterface
    interface Source<T> {
        /** @return empty at the end */
        Optional<T> next() throws InterruptedException;
    }

    /** For one subscriber, which is read for by a virtual thread as it asks. @param end called when nothing more is read */
    static <T> Flow.Publisher<T> publisher(Source<T> source, Runnable end) {
        AtomicBoolean subscribed = new AtomicBoolean();
        return subscriber -> {
            SubmissionPublisher<T> publisher = new SubmissionPublisher<>(task -> Thread.ofVirtual().start(task),
                    BUFFERED_MAX);
            publisher.subscribe(subscriber);
            if (subscribed.compareAndSet(false, true)) {
                Thread.ofVirtual().name("publisher").start(() -> publish(source, publisher, end));
            } else {
                publisher.closeExceptionally(new IllegalStateException(
                        "expected one subscriber, but a stream is read once: share what comes"));
            }
        };
    }

    private static <T> void publish(Source<T> source, SubmissionPublisher<T> publisher, Runnable end) {
        try {
            for (Optional<T> next = source.next(); next.isPresent() && publisher.hasSubscribers(); next = source
                    .next()) {
                publisher.submit(next.get());
            }
            publisher.close();
        } catch (InterruptedException | RuntimeException e) {
            publisher.closeExceptionally(e);
        } finally {
            end.run();
        }
    }
}
