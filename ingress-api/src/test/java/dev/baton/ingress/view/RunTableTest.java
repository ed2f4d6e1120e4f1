package dev.baton.ingress.view;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.baton.ingress.Rows;
import dev.baton.wire.run.RunStep;
import dev.baton.wire.run.RunSteps;
import dev.baton.wire.run.RunStepsRow;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRunRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** design D12, PROTOCOL 2.20 and 2.21. */
class RunTableTest {
    private static final SessionKey CHAT = new SessionKey("env_dev", "user/1");
    private static final RunFilter ALL = new RunFilter(Set.of(), Set.of(), Set.of(), Set.of());

    private final RunTable table = new RunTable();

    private static SessionRunRow run(String runId, long generation, Long endedAt) {
        return run(runId, generation, "echo", null, endedAt == null ? null : RunOutcome.COMPLETED);
    }

    private static SessionRunRow run(String runId, long generation, String task, String version, RunOutcome outcome) {
        return new SessionRunRow(SessionRunRow.FORMAT, "env_dev", Rows.SESSION_ID, "user/1", runId, task,
                RunReason.INITIAL, generation, null, null, version, 1, generation / 3, null,
                outcome == null ? null : 99L, outcome, null, 0);
    }

    private static RunStepsRow steps(String runId, RunStep.Type... types) {
        RunSteps steps = RunSteps.NONE;
        for (RunStep.Type type : types) {
            steps = steps.plus(new RunStep(type, 1, 1, "worker", "v1", null));
        }
        return new RunStepsRow(RunStepsRow.FORMAT, "env_dev", Rows.SESSION_ID, "user/1", runId, steps);
    }

    private List<String> page(RunFilter filter, int size) {
        return table.page("env_dev", filter, new Paging<>(size, null, null)).rows().stream()
                .map(run -> run.row().runId()).toList();
    }

    @Test
    void runsComeNewestFirstAndALaterStateReplacesAnEarlierOne() {
        // Given
        table.put(run("run_1", 1, null));
        table.put(run("run_2", 2, null));

        // When
        table.put(run("run_1", 1, 99L));

        // Then
        assertEquals(List.of(run("run_2", 2, null), run("run_1", 1, 99L)), table.ofSession(CHAT));
    }

    @Test
    void aRunIsFoundByItsIdWithinItsEnvironmentUntilItIsRemoved() {
        // Given
        table.put(run("run_1", 1, 99L));
        assertEquals(run("run_1", 1, 99L), table.find("env_dev", "run_1").orElseThrow().row());
        assertTrue(table.find("env_prod", "run_1").isEmpty());

        // When
        table.remove(CHAT, "run_1");

        // Then
        assertTrue(table.find("env_dev", "run_1").isEmpty());
        assertEquals(List.of(), table.ofSession(CHAT));
        assertEquals(List.of(), page(ALL, 10));
    }

    @Test
    void stepsThatComeBeforeTheProvenanceOfTheirRunWaitForIt() {
        // Given
        table.put(steps("run_1", RunStep.Type.DISPATCHED));
        assertTrue(table.find("env_dev", "run_1").isEmpty());

        // When
        table.put(run("run_1", 1, null));

        // Then
        assertEquals(RunStatus.DISPATCHED, table.find("env_dev", "run_1").orElseThrow().status());
    }

    /** Of what a page shows nothing depends on which lists the filter walks. */
    @Test
    void anyFilterShowsWhatALookAtEveryRunWouldShow() {
        // Given
        Random random = new Random(20261127);
        List<SessionRunRow> rows = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            rows.add(run("run_" + i, i, "task-" + random.nextInt(3),
                    random.nextBoolean() ? null : "v" + random.nextInt(3),
                    random.nextInt(3) == 0 ? null : RunOutcome.values()[random.nextInt(3)]));
            table.put(run("run_" + i, i, null));
            table.put(rows.getLast());
        }
        for (int n = 0; n < 200; n++) {
            RunFilter filter = new RunFilter(random.nextInt(4) == 0 ? Set.of("user/1", "user/2") : Set.of(),
                    random.nextBoolean() ? Set.of() : Set.of("task-0", "task-9"),
                    random.nextBoolean() ? Set.of() : EnumSet.of(RunStatus.QUEUED, RunStatus.FAILED),
                    random.nextBoolean() ? Set.of() : Set.of("v1", "v2"));

            // When
            List<String> shown = page(filter, 25);

            // Then
            assertEquals(rows.stream().filter(row -> fits(filter, row))
                    .sorted(Comparator.comparingLong(SessionRunRow::requestedAt).thenComparing(SessionRunRow::runId)
                            .reversed())
                    .limit(25).map(SessionRunRow::runId).toList(), shown, filter.toString());
        }
    }

    private static boolean fits(RunFilter filter, SessionRunRow row) {
        RunStatus status = row.outcome() == null ? RunStatus.QUEUED : RunStatus.valueOf(row.outcome().name());
        return (filter.taskIdentifiers().isEmpty() || filter.taskIdentifiers().contains(row.taskIdentifier()))
                && (filter.statuses().isEmpty() || filter.statuses().contains(status))
                && (filter.versions().isEmpty()
                        || row.workerVersion() != null && filter.versions().contains(row.workerVersion()));
    }

    /** A sparse filter must not walk past everything that does not fit: that is what the lists are for. */
    @Test
    void aPageOfFewAmongManyLooksAtThoseFewOnly() {
        // Given
        for (int i = 0; i < 50_000; i++) {
            table.put(run("run_" + i, i, "echo", "v1", RunOutcome.COMPLETED));
        }
        table.put(run("run_x", 7, "echo", "v1", RunOutcome.CRASHED));
        RunFilter crashed = new RunFilter(Set.of(), Set.of("echo"), EnumSet.of(RunStatus.CRASHED), Set.of("v1"));

        // When
        List<String> shown = page(crashed, 20);

        // Then
        assertEquals(List.of("run_x"), shown);
        assertEquals(1, table.candidates("env_dev", crashed).mapToInt(Collection::size).sum());
    }
}
