package dev.baton.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.snapshot.domain.FinishedTurn;
import dev.baton.snapshot.domain.OpenTurns;
import dev.baton.snapshot.turn.StoreException;
import dev.baton.snapshot.turn.TurnOutcome;
import dev.baton.snapshot.turn.TurnReporter;
import dev.baton.snapshot.turn.TurnWriter;
import dev.baton.wire.Names;
import dev.baton.wire.session.SessionKey;

/**
 * Boundaries that are ready, until they are stored and reported. The loop thread owns it; a few workers do the waiting
 * on the object store and answer through {@link #events}. Boundaries of one session go one after the other, those of
 * other sessions do not wait for them.
 *
 * <p>A boundary is normally stored first and reported then, so that a settled turn has its snapshot. When the store
 * takes longer than {@link #REPORT_PATIENCE}, the report goes first: the session topology needs it to know that the
 * messages are answered (design D4), or it would start runs for them again and again, while history survives a late
 * snapshot: a boot reads the tail of the topics that the older snapshot does not have. The boundary stays in the queue
 * and holds back the watermark until it is stored, so a crash in between loses nothing.
 */
public final class BoundaryQueue {
    /** Waiting boundaries; beyond it {@code .out} is not read until some are stored. About 300 bytes each. */
    static final int PENDING_MAX = 10_000;
    static final int WORKERS = 4;
    static final Duration REPORT_PATIENCE = Duration.ofSeconds(2);
    /** A record of a session without a row this long after it was seen belongs to no session. */
    static final Duration ROW_PATIENCE = Duration.ofSeconds(60);
    private static final Duration ROW_RETRY = Duration.ofMillis(50);
    private static final Duration RETRY_MIN = Duration.ofMillis(100);
    private static final Duration RETRY_MAX = Duration.ofSeconds(5);
    private static final int RETRY_DOUBLINGS_MAX = 6;
    private static final Logger LOG = LoggerFactory.getLogger(BoundaryQueue.class);

    /** What workers and the producer tell the loop. */
    private sealed interface Event {
        BoundaryTask task();

        record Attempted(BoundaryTask task, TurnOutcome outcome) implements Event {}

        record StoreFailed(BoundaryTask task, StoreException failure) implements Event {}

        /** The turn cannot be folded: a defect of ours. */
        record Unfoldable(BoundaryTask task, RuntimeException failure) implements Event {}

        record Reported(BoundaryTask task, Throwable failure) implements Event {}
    }

    private final TurnWriter writer;
    private final TurnReporter reporter;
    private final Executor workers;
    private final InstantSource clock;
    private final StoreHealth health;
    private final SnapshotterMetrics metrics;
    private final Set<BoundaryTask> tasks = new LinkedHashSet<>();
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private int running;

    public BoundaryQueue(TurnWriter writer, TurnReporter reporter, Executor workers, InstantSource clock,
            StoreHealth health,
            SnapshotterMetrics metrics) {
        this.writer = writer;
        this.reporter = reporter;
        this.workers = workers;
        this.clock = clock;
        this.health = health;
        this.metrics = metrics;
    }

    public void add(BoundaryTask task) {
        tasks.add(task);
    }

    /** Another process serves the partition: it finds these boundaries itself. Workers under way change nothing here. */
    public void revoke(int partition) {
        tasks.removeIf(task -> task.partition == partition);
    }

    public int size() {
        return tasks.size();
    }

    boolean full() {
        return tasks.size() >= PENDING_MAX;
    }

    /** One round: take in what came of attempts and reports, start what is due. Never blocks. */
    public void advance(OpenTurns turns) {
        for (Event event = events.poll(); event != null; event = events.poll()) {
            apply(event, turns);
        }
        if (tasks.isEmpty()) {
            // Nothing waits for the store, so nothing will find out that it is back.
            health.succeeded();
        }
        startDue(turns);
        reportDue();
    }

    private void apply(Event event, OpenTurns turns) {
        BoundaryTask task = event.task();
        if (!(event instanceof Event.Reported)) {
            running--;
            task.running = false;
        }
        if (!tasks.contains(task)) {
            return;
        }
        switch (event) {
            case Event.Attempted(BoundaryTask _, TurnOutcome outcome) -> attempted(task, outcome, turns);
            case Event.StoreFailed(BoundaryTask _, StoreException failure) -> storeFailed(task, failure);
            case Event.Unfoldable(BoundaryTask _, RuntimeException failure) -> unfoldable(task, failure);
            case Event.Reported(BoundaryTask _, Throwable failure) -> reported(task, failure);
        }
        if (task.stored && task.reported) {
            finish(task, turns);
        }
    }

    private void attempted(BoundaryTask task, TurnOutcome outcome, OpenTurns turns) {
        task.rowMissing = outcome == TurnOutcome.ROW_MISSING;
        switch (outcome) {
            case ROW_MISSING -> rowMissing(task, turns);
            case VOID -> {
                turns.partition(task.partition).voided(task.boundary);
                tasks.remove(task);
            }
            case WRITTEN, ALREADY_THERE, STOOD_DOWN, DELETED, ENVIRONMENT_UNKNOWN -> {
                task.stored = true;
                metrics.turn(outcome, Duration.between(task.readyAt, clock.instant()));
            }
        }
    }

    private void rowMissing(BoundaryTask task, OpenTurns turns) {
        if (task.readyAt.plus(ROW_PATIENCE).isAfter(clock.instant())) {
            task.nextAttempt = clock.instant().plus(ROW_RETRY);
            return;
        }
        LOG.warn("dropping a turn of a session that has no row: session={} partition={} seq={}", session(task),
                task.partition, task.boundary.outSeq());
        metrics.boundaryAbandoned();
        finish(task, turns);
    }

    private void storeFailed(BoundaryTask task, StoreException failure) {
        Duration wait = RETRY_MIN.multipliedBy(1L << Math.min(task.failures, RETRY_DOUBLINGS_MAX));
        task.nextAttempt = clock.instant().plus(wait.compareTo(RETRY_MAX) < 0 ? wait : RETRY_MAX);
        task.failures++;
        metrics.storeFailed();
        LOG.warn("a snapshot is not stored yet: session={} seq={} attempt={} reason={}", session(task),
                task.boundary.outSeq(), task.failures, failure.getMessage());
    }

    /** The next boundary of the session finds this one missing and reads its records again. */
    private void unfoldable(BoundaryTask task, RuntimeException failure) {
        // The message may quote what somebody wrote, the place in the code does not.
        List<StackTraceElement> trace = List.of(failure.getStackTrace());
        LOG.error("a turn cannot be folded: session={} partition={} seq={} failure={} at={}", session(task),
                task.partition, task.boundary.outSeq(), failure.getClass().getName(), trace.stream().limit(5).toList());
        metrics.boundaryAbandoned();
        task.stored = true;
    }

    private void reported(BoundaryTask task, Throwable failure) {
        if (failure == null) {
            task.reported = true;
            return;
        }
        metrics.reportFailed();
        LOG.warn("a settled turn is not reported yet: session={} seq={} reason={}", session(task),
                task.boundary.outSeq(), failure.toString());
        // The producer has waited long enough by itself: the next round sends it again.
        task.reporting.set(false);
    }

    private void finish(BoundaryTask task, OpenTurns turns) {
        turns.partition(task.partition).done(task.boundary);
        tasks.remove(task);
    }

    private void startDue(OpenTurns turns) {
        if (running >= WORKERS) {
            return;
        }
        Instant now = clock.instant();
        Set<SessionKey> busy = new HashSet<>();
        for (BoundaryTask task : tasks) {
            boolean first = busy.add(task.boundary.key());
            if (first && !task.running && !task.stored && !task.nextAttempt.isAfter(now) && running < WORKERS) {
                task.running = true;
                running++;
                FinishedTurn turn = turns.partition(task.partition).finished(task.boundary);
                workers.execute(() -> attempt(task, turn));
            }
        }
    }

    /** On a worker thread. */
    private void attempt(BoundaryTask task, FinishedTurn turn) {
        try {
            TurnOutcome outcome = writer.write(turn);
            switch (outcome) {
                case WRITTEN, ALREADY_THERE, STOOD_DOWN -> {
                    health.succeeded();
                    report(task);
                }
                case ENVIRONMENT_UNKNOWN, DELETED -> report(task);
                case VOID, ROW_MISSING -> {
                }
            }
            events.add(new Event.Attempted(task, outcome));
        } catch (StoreException e) {
            health.failed();
            events.add(new Event.StoreFailed(task, e));
        } catch (RuntimeException e) {
            events.add(new Event.Unfoldable(task, e));
        }
    }

    private void reportDue() {
        Instant overdue = clock.instant().minus(REPORT_PATIENCE);
        for (BoundaryTask task : tasks) {
            boolean late = !task.readyAt.isAfter(overdue) && !task.rowMissing;
            if (task.stored || late) {
                report(task);
            }
        }
    }

    private void report(BoundaryTask task) {
        if (task.reporting.compareAndSet(false, true)) {
            reporter.report(task.boundary)
                    .whenComplete((done, failure) -> events.add(new Event.Reported(task, failure)));
        }
    }

    private static String session(BoundaryTask task) {
        return Names.fingerprint(task.boundary.key().toString());
    }
}
