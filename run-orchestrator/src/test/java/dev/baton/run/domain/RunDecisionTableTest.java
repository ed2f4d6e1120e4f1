package dev.baton.run.domain;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import dev.baton.wire.json.Json;
import dev.baton.wire.run.RunRequest.StartRun;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.TriggerConfig;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Every input in every state of a run, and the state that comes of it. */
class RunDecisionTableTest {
    private static final String WORKER = "worker-1";
    private static final String OTHER = "worker-2";

    private enum State {
        QUEUED,
        DISPATCHED,
        EXECUTING,
        WAITING,
        STOPPING,
        OVER
    }

    @FunctionalInterface
    private interface Input {
        void into(QueueScenario scenario);
    }

    private record Row(String input, Input act, List<State> after) {
        /** In the order of {@link State}, one letter each. */
        static Row of(String input, String after, Input act) {
            return new Row(input, act, after.chars().mapToObj(letter -> LETTERS.get((char) letter)).toList());
        }
    }

    private static final Map<Character, State> LETTERS = Map.of('q', State.QUEUED, 'd', State.DISPATCHED, 'e',
            State.EXECUTING, 'w', State.WAITING, 's', State.STOPPING, '-', State.OVER);

    private static final List<Row> TABLE = List.of(
            Row.of("the same request again", "qdewsq", s -> s.requests(request(s))),
            Row.of("withdrawn", "--sss-", s -> s.withdraws("run_1")),
            Row.of("a poll of the current version", "ddews-", s -> s.polls("poll-2", OTHER, 1)),
            Row.of("a poll of another version", "qdews-", s -> s.polls("poll-2", OTHER, "v0", 1)),
            Row.of("its assignment is returned", "qqews-",
                    s -> s.reports(new RunReport.AssignmentReturned("run_1", 1))),
            Row.of("an older assignment is returned", "qdews-",
                    s -> s.reports(new RunReport.AssignmentReturned("run_1", 0))),
            Row.of("its worker starts it", "qeews-", s -> s.starts("run_1", WORKER)),
            Row.of("another worker starts it", "qdews-", s -> s.starts("run_1", OTHER)),
            Row.of("its worker ends it", "q-----", s -> s.ends("run_1", WORKER)),
            Row.of("another worker ends it", "qdews-", s -> s.ends("run_1", OTHER)),
            Row.of("its worker ends another attempt", "qdews-", s -> s.reports(
                    new RunReport.RunEndReported("run_1", 2, WORKER, RunOutcome.FAILED, null, false, null))),
            Row.of("a heartbeat with it", "qdees-", s -> s.beats(WORKER, "run_1")),
            Row.of("a heartbeat with it, waiting", "qdwws-", s -> s.beatsWaiting(WORKER, "run_1")),
            Row.of("a heartbeat without it", "qd----", s -> s.beats(WORKER)),
            Row.of("a heartbeat of another worker with it", "qdews-", s -> s.beatsWaiting(OTHER, "run_1")),
            Row.of("a registration", "qdews-", s -> s.registers(OTHER, "v1", 5, Map.of(), true)),
            Row.of("a promotion", "qdews-", s -> s.promotes("v9")),
            Row.of("a moment", "qdews-", RunDecisionTableTest::ticks),
            Row.of("as long as an assignment may take", "qq----", s -> {
                s.passes(RunLimits.DISPATCH_TIMEOUT);
                ticks(s);
            }),
            Row.of("its ttl", "--ew--", s -> passesWithBeats(s, 60)),
            Row.of("its maxDuration", "--sw--", s -> passesWithBeats(s, 101)));

    /** The ttl is longer than a dispatch and shorter than the maxDuration. */
    private static StartRun request(QueueScenario scenario) {
        return scenario.configured("run_1", new TriggerConfig(null, null, null, null, null, 100,
                null, null, null, null, null, null, new Json("60")));
    }

    private static void ticks(QueueScenario scenario) {
        scenario.passes(Duration.ofMillis(1)).ticks();
    }

    /** Leases hold; whether it waits stays as it is. */
    private static void passesWithBeats(QueueScenario scenario, int seconds) {
        for (int i = 0; i < seconds; i++) {
            RunState run = scenario.queue().run("run_1").orElse(null);
            scenario.passes(Duration.ofSeconds(1));
            switch (run) {
                case null -> {
                }
                case RunState.Queued _,RunState.Dispatched _ -> {
                }
                case RunState.Executing _,RunState.Stopping _ -> scenario.beats(WORKER, "run_1");
                case RunState.Waiting _ -> scenario.beatsWaiting(WORKER, "run_1");
            }
            scenario.ticks();
        }
    }

    private static QueueScenario in(State state) {
        QueueScenario scenario = new QueueScenario().registers("worker-0", "v0", 1, null, true)
                .registers(WORKER, "v1", 9, null, true);
        return switch (state) {
            case QUEUED -> scenario.requests(request(scenario));
            case DISPATCHED -> in(State.QUEUED).polls("poll-1", WORKER, 1);
            case EXECUTING -> in(State.DISPATCHED).starts("run_1", WORKER).passes(Duration.ofMillis(1))
                    .beats(WORKER, "run_1");
            case WAITING -> in(State.EXECUTING).beatsWaiting(WORKER, "run_1");
            case STOPPING -> in(State.EXECUTING).withdraws("run_1");
            case OVER -> in(State.EXECUTING).ends("run_1", WORKER);
        };
    }

    private static State of(QueueScenario scenario) {
        return switch (scenario.queue().run("run_1").orElse(null)) {
            case null -> State.OVER;
            case RunState.Queued _ -> State.QUEUED;
            case RunState.Dispatched _ -> State.DISPATCHED;
            case RunState.Executing _ -> State.EXECUTING;
            case RunState.Waiting _ -> State.WAITING;
            case RunState.Stopping _ -> State.STOPPING;
        };
    }

    @TestFactory
    Stream<DynamicTest> everyInputInEveryState() {
        return TABLE.stream().flatMap(row -> Stream.of(State.values()).map(state -> DynamicTest.dynamicTest(
                row.input() + " while " + state, () -> {
                    // Given
                    QueueScenario scenario = in(state);

                    // When
                    row.act().into(scenario);

                    // Then
                    assertEquals(row.after().get(state.ordinal()), of(scenario));
                })));
    }
}
