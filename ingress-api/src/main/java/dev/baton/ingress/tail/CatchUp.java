package dev.baton.ingress.tail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.wire.session.SessionKey;

/**
 * Serves readers whose cursor is older than the ring. At most one pass per partition is under way; it begins at the
 * oldest cursor and feeds all readers that wait, so a storm of reconnects costs one scan (design D6). Readers that
 * come while it runs join it when it has not passed their cursor yet, else they make up the next pass.
 */
final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    private final LogScan log;
    private final LongSupplier ringStart;
    private final Executor scans;
    /** Guarded by itself, like {@link #running}. */
    private final List<Subscription> waiting = new ArrayList<>();
    private boolean running;

    CatchUp(LogScan log, LongSupplier ringStart, Executor scans) {
        this.log = log;
        this.ringStart = ringStart;
        this.scans = scans;
    }

    void enlist(Subscription subscription) {
        synchronized (waiting) {
            waiting.add(subscription);
            if (running) {
                return;
            }
            running = true;
        }
        scans.execute(this::run);
    }

    private void run() {
        for (List<Subscription> readers = takeWaiting(); !readers.isEmpty(); readers = takeWaiting()) {
            Pass pass = new Pass(readers);
            try {
                pass.run();
            } catch (RuntimeException e) {
                LOG.warn("catch-up pass failed, its readers come back by cursor", e);
                pass.fail();
            }
        }
    }

    private List<Subscription> takeWaiting() {
        synchronized (waiting) {
            List<Subscription> taken = List.copyOf(waiting);
            waiting.clear();
            running = !taken.isEmpty();
            return taken;
        }
    }

    private List<Subscription> takeWaitingFrom(long offset) {
        synchronized (waiting) {
            List<Subscription> taken = waiting.stream().filter(reader -> reader.next().orElse(-1) >= offset).toList();
            waiting.removeAll(taken);
            return taken;
        }
    }

    /** One scan; confined to its thread. */
    private final class Pass {
        private final Map<SessionKey, List<Subscription>> readers = new HashMap<>();

        Pass(List<Subscription> first) {
            first.forEach(this::join);
        }

        void run() {
            dropEnded();
            if (readers.isEmpty()) {
                return;
            }
            long from = readers.values().stream().flatMap(List::stream).mapToLong(this::nextOf).min().orElse(0);
            try (LogScan.Cursor cursor = log.open(from)) {
                while (!readers.isEmpty()) {
                    long position = cursor.position();
                    takeWaitingFrom(position).forEach(this::join);
                    if (position >= ringStart.getAsLong()) {
                        all().forEach(reader -> reader.scannedUpTo(position));
                        return;
                    }
                    cursor.next(readers.keySet()).forEach(this::hand);
                    dropEnded();
                }
            }
        }

        void fail() {
            all().forEach(reader -> reader.end(new Delivery.Broken("cannot read older records now")));
        }

        private void join(Subscription reader) {
            readers.computeIfAbsent(reader.key(), _ -> new ArrayList<>()).add(reader);
        }

        private void hand(TailEntry entry) {
            List<Subscription> ofSession = readers.get(entry.key());
            if (ofSession != null) {
                ofSession.removeIf(reader -> !reader.offerScanned(entry));
            }
        }

        private void dropEnded() {
            readers.values().forEach(ofSession -> ofSession.removeIf(reader -> reader.next().isEmpty()));
            readers.values().removeIf(List::isEmpty);
        }

        private long nextOf(Subscription reader) {
            return reader.next().orElse(Long.MAX_VALUE);
        }

        private List<Subscription> all() {
            return readers.values().stream().flatMap(List::stream).toList();
        }
    }
}
