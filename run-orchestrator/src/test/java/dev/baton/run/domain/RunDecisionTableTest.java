package dev.baton.run.domain;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import dev.baton.wire.json.Json;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.run.RunRequest.StartRun;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.TriggerConfig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    private record Row(String input, Input act, List<State> after, List<String> told) {
        /**
         * @param after in the order of {@link State}, one letter each
         * @param told what others hear, in the same order: see {@link #word}; a dash for nobody
         */
        static Row of(String input, String after, String told, Input act) {
            return new Row(input, act, after.chars().mapToObj(letter -> LETTERS.get((char) letter)).toList(),
                    List.of(told.split(" ")));
        }
    }

    private static final Map<Character, State> LETTERS = Map.of('q', State.QUEUED, 'd', State.DISPATCHED, 'e',
            State.EXECUTING, 'w', State.WAITING, 's', State.STOPPING, '-', State.OVER);

    private static final List<Row> TABLE = List.of(
            Row.of("the same request again", "qdewsq", "- - - - - -", s -> s.requests(request(s))),
            Row.of("withdrawn", "--sss-", "cancelled cancelled stop stop - -", s -> s.withdraws("run_1")),
            Row.of("a poll of the current version", "ddews-", "assign - - - - -", s -> s.polls("poll-2", OTHER, 1)),
            Row.of("a poll of another version", "qdews-", "- - - - - -", s -> s.polls("poll-2", OTHER, "v0", 1)),
            Row.of("its assignment is returned", "qqews-", "- - - - - -",
                    s -> s.reports(new RunReport.AssignmentReturned("run_1", 1))),
            Row.of("an older assignment is returned", "qdews-", "- - - - - -",
                    s -> s.reports(new RunReport.AssignmentReturned("run_1", 0))),
            Row.of("its worker starts it", "qeews-", "no started+yes yes yes yes no", s -> s.starts("run_1", WORKER)),
            Row.of("another worker starts it", "qdews-", "no no no no no no", s -> s.starts("run_1", OTHER)),
            Row.of("its worker ends it", "q-----", "- completed completed completed completed -",
                    s -> s.ends("run_1", WORKER)),
            Row.of("another worker ends it", "qdews-", "- - - - - -", s -> s.ends("run_1", OTHER)),
            Row.of("its worker ends another attempt", "qdews-", "- - - - - -", s -> s.reports(
                    new RunReport.RunEndReported("run_1", 2, WORKER, RunOutcome.FAILED, null, false, null))),
            Row.of("a heartbeat with it", "qdees-", "stop - - - stop stop", s -> s.beats(WORKER, "run_1")),
            Row.of("a heartbeat with it, waiting", "qdwws-", "stop - - - stop stop",
                    s -> s.beatsWaiting(WORKER, "run_1")),
            Row.of("a heartbeat without it", "qd----", "- - crashed crashed cancelled -", s -> s.beats(WORKER)),
            Row.of("a heartbeat of another worker with it", "qdews-", "stop stop stop stop stop stop",
                    s -> s.beatsWaiting(OTHER, "run_1")),
            Row.of("a heartbeat of a worker of an old version", "qdews-", "drain drain drain drain drain drain",
                    s -> s.reports(new RunReport.WorkerBeat(QueueScenario.GATEWAY, "worker-0", "v0", List.of()))),
            Row.of("a registration", "qdews-", "- - - - - -", s -> s.registers(OTHER, "v1", 5, Map.of(), true)),
            Row.of("a poll of its worker ends", "qdews-", "- - - - - -",
                    s -> s.reports(new RunReport.PollEnded(QueueScenario.GATEWAY, "poll-1"))),
            Row.of("a promotion", "qdews-", "- - - - - -", s -> s.promotes("v9")),
            Row.of("a moment", "qdews-", "- - - - - -", RunDecisionTableTest::ticks),
            Row.of("as long as an assignment may take", "qq----", "- - crashed crashed cancelled -", s -> {
                s.passes(RunLimits.DISPATCH_TIMEOUT);
                ticks(s);
            }),
            Row.of("the grace of a stop", "qqew--", "- - - - stop+cancelled -", s -> passesWithBeats(s, 10)),
            Row.of("its ttl", "--ew--", "expired expired - - stop+cancelled -", s -> passesWithBeats(s, 60)),
            Row.of("its maxDuration", "--sw--", "expired expired stop - stop+cancelled -",
                    s -> passesWithBeats(s, 101)));

    /** What a run counts as that its worker ends, by what it was told to stop for; columns as in {@link RunOutcome}. */
    private static final Map<String, String> COUNTED = Map.of(
            "nothing", "COMPLETED FAILED CRASHED FAILED EXPIRED TIMED_OUT SUPERSEDED",
            "WITHDRAWN", "COMPLETED FAILED CRASHED CANCELLED EXPIRED TIMED_OUT SUPERSEDED",
            "TIMED_OUT", "TIMED_OUT TIMED_OUT TIMED_OUT TIMED_OUT TIMED_OUT TIMED_OUT TIMED_OUT");

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

    private static String told(List<RunEffect> effects) {
        return effects.isEmpty()
                ? "-"
                : String.join("+", effects.stream().map(RunDecisionTableTest::word).distinct().toList());
    }

    private static String word(RunEffect effect) {
        return switch (effect) {
            case RunEffect.TellGateway(_, RunAssignment.AssignRun _) -> "assign";
            case RunEffect.TellGateway(_, RunAssignment.AnswerStart answer) -> answer.accepted() ? "yes" : "no";
            case RunEffect.TellGateway(_, RunAssignment.CancelRun _) -> "stop";
            case RunEffect.TellGateway(_, RunAssignment.DrainWorker _) -> "drain";
            case RunEffect.TellSession(_, RunEvent.RunStarted _) -> "started";
            case RunEffect.TellSession(_, RunEvent.RunEnded ended) -> ended.outcome().label();
        };
    }

    private static String name(RunInput input) {
        return switch (input) {
            case RunInput.Requested requested -> requested.request().getClass().getSimpleName();
            case RunInput.Reported reported -> reported.report().getClass().getSimpleName();
            case RunInput.Tick _ -> "Tick";
        };
    }

    @TestFactory
    @DisplayName("issue 4: every input in every state of a run")
    Stream<DynamicTest> everyInputInEveryState() {
        return TABLE.stream().flatMap(row -> Stream.of(State.values()).map(state -> DynamicTest.dynamicTest(
                row.input() + " while " + state, () -> {
                    // Given
                    QueueScenario scenario = in(state);
                    scenario.told();

                    // When
                    row.act().into(scenario);

                    // Then
                    assertEquals(row.after().get(state.ordinal()), of(scenario));
                    assertEquals(row.told().get(state.ordinal()), told(scenario.told()));
                })));
    }

    @TestFactory
    Stream<DynamicTest> whateverItsWorkerSaysARunCountsAsTheTableSays() {
        return COUNTED.keySet().stream().flatMap(cause -> Stream.of(RunOutcome.values()).map(
                outcome -> DynamicTest.dynamicTest(outcome + " when told to stop for " + cause, () -> {
                    // Given
                    QueueScenario scenario = in(State.EXECUTING);
                    switch (cause) {
                        case "WITHDRAWN" -> scenario.withdraws("run_1");
                        case "TIMED_OUT" -> passesWithBeats(scenario, 101);
                        default -> scenario.ticks();
                    }

                    // When
                    scenario.reports(new RunReport.RunEndReported("run_1", 1, WORKER, outcome, 4L, true, null));

                    // Then
                    assertEquals(COUNTED.get(cause).split(" ")[outcome.ordinal()],
                            ((RunEvent.RunEnded) scenario.events().getLast()).outcome().name());
                })));
    }

    @Test
    void theTablesHaveEveryInputEveryStateAndEveryCauseToStop() {
        // Given
        Set<String> inputs = new TreeSet<>(SealedType.casesOf(RunRequest.class));
        inputs.addAll(SealedType.casesOf(RunReport.class));
        inputs.add("Tick");
        Set<String> states = new TreeSet<>(List.of("OVER"));
        SealedType.casesOf(RunState.class).forEach(state -> states.add(state.toUpperCase(Locale.ROOT)));

        // When
        Set<String> tabled = new TreeSet<>();
        for (Row row : TABLE) {
            QueueScenario scenario = in(State.EXECUTING);
            int before = scenario.inputs().size();
            row.act().into(scenario);
            scenario.inputs().stream().skip(before).forEach(input -> tabled.add(name(input)));
        }

        // Then
        assertEquals(inputs, tabled);
        assertEquals(states, new TreeSet<>(Stream.of(State.values()).map(State::name).toList()));
        Stream.of(StopCause.values()).forEach(cause -> assertTrue(COUNTED.containsKey(cause.name()), cause.name()));
    }
}
