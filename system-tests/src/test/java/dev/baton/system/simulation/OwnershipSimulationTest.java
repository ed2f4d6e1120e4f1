package dev.baton.system.simulation;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * Both topologies, ingresses, gateways, workers, snapshotter and clients in one thread per schedule, with a simulated
 * network, log and clock (house rule 25). Rules, stores' contents and readers are the product's own classes; see
 * CONTRIBUTING for how to repeat a schedule and how to run more of them.
 */
class OwnershipSimulationTest {
    private static final String SEED = "baton.simulation.seed";
    private static final int SCHEDULES = Integer.getInteger("baton.simulation.schedules",
            Long.getLong(SEED) == null ? 10_000 : 1);
    private static final long FIRST_SEED = Long.getLong(SEED, 1);
    private static final int TRACE_LINES_MAX = 80;

    private final AtomicLong nextSeed = new AtomicLong(FIRST_SEED);
    private final AtomicLong steps = new AtomicLong();
    private final AtomicReference<AssertionError> failure = new AtomicReference<>();

    @Test
    @DisplayName("issue 4: one live generation, nobody orphaned, dense, gap-free, nothing uncommitted seen, after every step")
    void everyInvariantHoldsAfterEveryStepOfEverySchedule() throws Exception {
        // Given
        int threads = Math.min(SCHEDULES, Runtime.getRuntime().availableProcessors());

        // When
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> running = IntStream.range(0, threads).<Future<?>>mapToObj(
                    _ -> executor.submit(this::runSchedules)).toList();
            for (Future<?> each : running) {
                await(each);
            }
        }

        // Then
        System.out.printf("simulated schedules of seeds %d to %d, %d steps%n", FIRST_SEED, FIRST_SEED + SCHEDULES - 1,
                steps.get());
        Optional.ofNullable(failure.get()).ifPresent(OwnershipSimulationTest::explain);
    }

    private static void await(Future<?> running) throws InterruptedException {
        try {
            running.get();
        } catch (ExecutionException e) {
            throw new AssertionError("expected the schedules to run", e);
        }
    }

    private void runSchedules() {
        Meters meters = new Meters();
        for (long seed = nextSeed.getAndIncrement(); seed < FIRST_SEED + SCHEDULES
                && failure.get() == null; seed = nextSeed.getAndIncrement()) {
            Schedule schedule = new Schedule(seed, meters, false);
            try {
                schedule.run();
            } catch (RuntimeException | AssertionError e) {
                failure.compareAndSet(null, new FailedSchedule(seed, e));
            }
            steps.addAndGet(schedule.steps());
        }
    }

    /** A schedule that failed, by an invariant or by an exception of the product. */
    private static final class FailedSchedule extends AssertionError {
        private static final long serialVersionUID = 1L;
        private final long seed;

        private FailedSchedule(long seed, Throwable cause) {
            super(cause.getMessage(), cause);
            this.seed = seed;
        }
    }

    /** Runs it once more and tells what happened. */
    private static void explain(AssertionError failed) {
        long seed = ((FailedSchedule) failed).seed;
        Schedule again = new Schedule(seed, new Meters(), true);
        try {
            again.run();
        } catch (RuntimeException | AssertionError e) {
            // The same as before; its trace is what we are after.
        }
        List<String> trace = again.trace();
        System.out.println(String.join(System.lineSeparator(),
                trace.subList(Math.max(0, trace.size() - TRACE_LINES_MAX), trace.size())));
        fail(failed.getMessage() + "; repeat it with -D" + SEED + "=" + seed, failed.getCause());
    }

    @Test
    void theSameSeedMakesTheSameWorld() {
        for (long seed = 1; seed <= 20; seed++) {
            assertEquals(traceOf(seed), traceOf(seed), "seed " + seed);
        }
    }

    private static List<String> traceOf(long seed) {
        Schedule schedule = new Schedule(seed, new Meters(), true);
        schedule.run();
        return schedule.trace();
    }
}
