package dev.baton.session.domain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import dev.baton.wire.run.RunEvent;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionReply;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Every command and every report in every state of a session and its ownership: the events that come of it, or why it is
 * refused. The inputs, the states and the outcomes of runs are asked of their types: a new one fails here until it has rows.
 */
class SessionDecisionTableTest {
    /**
     * An input, the states in which it has this outcome, and the outcome: events, a refusal, or {@code -} for nothing. Any
     * state is {@code state/ownership}; {@code waits} is a live run with a message that waits, {@code expired} a live run
     * past the time of its session.
     */
    private static final String TABLE = """
            CreateSession | Absent | SessionCreated RunHandedOver
            CreateSession | Deleted/* | DELETED
            CreateSession | Open/Unowned Open/Ended | RunHandedOver
            CreateSession | Open/Requested Open/Live waits | -
            CreateSession | expired | EXPIRED
            CreateSession | Closed/* | CLOSED
            UpdateSession | Absent Deleted/* | NOT_FOUND
            UpdateSession | Open/* waits expired Closed/* | SessionUpdated
            AppendIn | Absent Deleted/* | NOT_FOUND
            AppendIn | Open/Unowned Open/Ended | InAppended RunHandedOver
            AppendIn | Open/Requested Open/Live waits | InAppended
            AppendIn | expired | EXPIRED
            AppendIn | Closed/* | CLOSED
            CloseSession | Absent Deleted/* | NOT_FOUND
            CloseSession | Open/Unowned Open/Ended | SessionClosed
            CloseSession | Open/Requested Open/Live waits expired | InAppended SessionClosed
            CloseSession | Closed/* | -
            DeleteSession | Absent | NOT_FOUND
            DeleteSession | Open/Unowned Open/Ended | InAppended SessionClosed SessionDeleted
            DeleteSession | Open/Requested Open/Live waits expired | InAppended SessionClosed RunEnded SessionDeleted
            DeleteSession | Closed/Unowned Closed/Ended | SessionDeleted
            DeleteSession | Closed/Requested Closed/Live | RunEnded SessionDeleted
            DeleteSession | Deleted/* | -
            KeepHistory | Absent Deleted/* | NOT_FOUND
            KeepHistory | Open/* waits expired Closed/* | HistoryKept
            EndAndContinue | Absent Deleted/* | NOT_FOUND
            EndAndContinue | Open/Unowned | CALLING_RUN_UNKNOWN
            EndAndContinue | Open/Requested Open/Live waits | RunEnded RunHandedOver
            EndAndContinue | Open/Ended | -
            EndAndContinue | expired | EXPIRED
            EndAndContinue | Closed/* | CLOSED
            CancelRun | Absent Deleted/* | NOT_FOUND
            CancelRun | Open/Unowned Open/Ended Closed/Unowned Closed/Ended | -
            CancelRun | Open/Requested Open/Live waits expired Closed/Requested Closed/Live | RunEnded
            SettleTurn | Absent Deleted/* | NOT_FOUND
            SettleTurn | Open/* waits expired Closed/* | TurnSettled
            TrimOut | Absent Deleted/* | NOT_FOUND
            TrimOut | Open/* waits expired Closed/* | OutTrimmed
            AppendSide | Absent Deleted/* Open/* waits expired Closed/* | -
            RegisterWait | Absent Deleted/* Open/* waits expired Closed/* | -
            CompleteWaits | Absent Deleted/* Open/* waits expired Closed/* | -
            RunStarted | Absent Deleted/* Open/Unowned Open/Ended Closed/Unowned Closed/Ended | -
            RunStarted | Open/Requested Closed/Requested | RunStarted
            RunStarted | Open/Live waits expired Closed/Live | -
            RunStarted again | Absent Deleted/* Open/Unowned Open/Ended Closed/Unowned Closed/Ended | -
            RunStarted again | Open/Requested Open/Live waits expired Closed/Requested Closed/Live | RunStarted
            RunStarted of another run | Absent Deleted/* Open/* waits expired Closed/* | -
            RunEnded of another run | Absent Deleted/* Open/* waits expired Closed/* | -
            RunEnded COMPLETED | Absent Deleted/* Open/Unowned Open/Ended Closed/Unowned Closed/Ended | -
            RunEnded COMPLETED | Open/Requested Open/Live expired Closed/Requested Closed/Live | RunEnded
            RunEnded COMPLETED | waits | RunEnded RunHandedOver
            RunEnded FAILED | Absent Deleted/* Open/Unowned Open/Ended Closed/Unowned Closed/Ended | -
            RunEnded FAILED | Open/Requested Open/Live expired Closed/Requested Closed/Live | RunEnded
            RunEnded FAILED | waits | RunEnded RunHandedOver
            RunEnded CRASHED | Absent Deleted/* Open/Unowned Open/Ended Closed/Unowned Closed/Ended | -
            RunEnded CRASHED | Open/Requested Open/Live expired Closed/Requested Closed/Live | RunEnded
            RunEnded CRASHED | waits | RunEnded RunHandedOver
            RunEnded CANCELLED | Absent Deleted/* Open/Unowned Open/Ended Closed/Unowned Closed/Ended | -
            RunEnded CANCELLED | Open/Requested Open/Live waits expired Closed/Requested Closed/Live | RunEnded
            RunEnded EXPIRED | Absent Deleted/* Open/Unowned Open/Ended Closed/Unowned Closed/Ended | -
            RunEnded EXPIRED | Open/Requested Open/Live expired Closed/Requested Closed/Live | RunEnded
            RunEnded EXPIRED | waits | RunEnded RunHandedOver
            RunEnded TIMED_OUT | Absent Deleted/* Open/Unowned Open/Ended Closed/Unowned Closed/Ended | -
            RunEnded TIMED_OUT | Open/Requested Open/Live expired Closed/Requested Closed/Live | RunEnded
            RunEnded TIMED_OUT | waits | RunEnded RunHandedOver
            RunEnded SUPERSEDED | Absent Deleted/* Open/Unowned Open/Ended Closed/Unowned Closed/Ended | -
            RunEnded SUPERSEDED | Open/Requested Open/Live expired Closed/Requested Closed/Live | RunEnded
            RunEnded SUPERSEDED | waits | RunEnded RunHandedOver
            """;

    private record Row(String input, String state, String outcome) {}

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String line : TABLE.lines().toList()) {
            String[] cells = line.split("\\|");
            for (String pattern : cells[1].strip().split(" ")) {
                states().keySet().stream().filter(state -> state.matches(pattern.replace("*", ".*")))
                        .forEach(state -> rows.add(new Row(cells[0].strip(), state, cells[2].strip())));
            }
        }
        return rows;
    }

    /** Made by events, since some of them are only passed through. */
    private static Map<String, SessionState> states() {
        SessionState unowned = SessionEvolver.evolve(SessionState.ABSENT,
                List.of(Sessions.decide(SessionState.ABSENT, Sessions.create(Sessions.PRELOAD)).events().getFirst()));
        Map<String, SessionState> states = new LinkedHashMap<>();
        states.put("Absent", SessionState.ABSENT);
        for (SessionState open : List.of(unowned, Sessions.requested(), Sessions.live(), Sessions.idle())) {
            SessionState closed = SessionEvolver.evolve(open,
                    new SessionEvent.SessionClosed(Sessions.NOW, "done", null));
            states.put(name(open), open);
            states.put(name(closed), closed);
            SessionState deleted = SessionEvolver.evolve(closed, new SessionEvent.SessionDeleted(Sessions.NOW));
            states.put(name(deleted), deleted);
        }
        states.put("waits", Sessions.after(Sessions.live(), Sessions.append(null)));
        states.put("expired", Sessions.expired());
        return states;
    }

    private static String name(SessionState state) {
        return state.getClass().getSimpleName() + "/"
                + Sessions.facts(state).ownership().getClass().getSimpleName();
    }

    private static Object input(String name) {
        String[] words = name.split(" ", 2);
        return switch (words[0]) {
            case "CreateSession" -> Sessions.create(Sessions.PRELOAD);
            case "UpdateSession" -> new SessionCommand.UpdateSession(List.of("t"), null, false);
            case "AppendIn" -> Sessions.append(null);
            case "CloseSession" -> new SessionCommand.CloseSession("bye", null);
            case "DeleteSession" -> new SessionCommand.DeleteSession();
            case "KeepHistory" -> new SessionCommand.KeepHistory();
            case "EndAndContinue" -> Sessions.upgradeBy(Sessions.runId(1));
            case "CancelRun" -> new SessionCommand.CancelRun(Sessions.runId(1));
            case "SettleTurn" -> new SessionCommand.SettleTurn(1, -1, 20);
            case "TrimOut" -> new SessionCommand.TrimOut(1, 5);
            case "AppendSide" -> new SessionCommand.AppendSide("p1", Sessions.BODY);
            case "RegisterWait" ->
                new SessionCommand.RegisterWait("waitpoint_1", "run_1", "in", -1, null, List.of(), null, null);
            case "CompleteWaits" -> new SessionCommand.CompleteWaits("out", null, 7);
            case "RunStarted" -> switch (words.length == 1 ? "" : words[1]) {
                case "" -> Sessions.started(1, 10);
                case "again" -> new RunEvent.RunStarted(Sessions.runId(1), 1, Sessions.NOW, 2, "worker_2", "v1", 12);
                default -> Sessions.started(2, 10);
            };
            case "RunEnded" -> words[1].equals("of another run")
                    ? Sessions.ended(2, RunOutcome.CRASHED)
                    : Sessions.ended(1, RunOutcome.valueOf(words[1]));
            default -> throw new IllegalArgumentException("expected an input of the table, but was '" + name + "'");
        };
    }

    private static Decision decide(SessionState state, Object input) {
        return switch (input) {
            case SessionCommand command -> Sessions.decide(state, command);
            case RunEvent report -> SessionDecider.decide(state, report);
            default -> throw new IllegalArgumentException("expected a command or a report, but was " + input);
        };
    }

    private static String outcome(Decision decision) {
        String events = String.join(" ",
                decision.events().stream().map(event -> event.getClass().getSimpleName()).toList());
        return decision.reply().orElse(null) instanceof SessionReply.Refused refused
                ? (refused.refusal().name() + " " + events).strip()
                : events.isEmpty() ? "-" : events;
    }

    @TestFactory
    @DisplayName("issue 4: every command and report in every state")
    Stream<DynamicTest> everyInputHasItsOutcomeInEveryState() {
        return rows().stream().map(row -> DynamicTest.dynamicTest(row.input() + " in " + row.state(), () -> {
            // When
            Decision decision = decide(states().get(row.state()), input(row.input()));

            // Then
            assertEquals(row.outcome(), outcome(decision));
        }));
    }

    @Test
    void theTableHasEveryCommandEveryReportAndEveryOutcomeOfARunInEveryStateOnce() {
        // Given
        Set<String> states = new TreeSet<>(Set.of("Absent", "waits", "expired"));
        for (String state : SealedType.casesOf(SessionState.Existing.class)) {
            SealedType.casesOf(Ownership.class).forEach(owner -> states.add(state + "/" + owner));
        }
        // Whoever owned it has lost it with the deletion.
        states.addAll(List.of("Deleted/Unowned", "Deleted/Ended"));
        Set<String> inputs = new TreeSet<>(SealedType.casesOf(SessionCommand.class));
        inputs.addAll(List.of("RunStarted again", "RunStarted of another run", "RunEnded of another run"));
        SealedType.casesOf(RunEvent.class).stream().filter(report -> !report.equals("RunEnded")).forEach(inputs::add);
        Arrays.stream(RunOutcome.values()).forEach(outcome -> inputs.add("RunEnded " + outcome));

        List<String> all = inputs.stream().flatMap(input -> states.stream().map(state -> input + " in " + state))
                .sorted()
                .toList();

        // When
        List<String> tabled = rows().stream().map(row -> row.input() + " in " + row.state()).sorted().toList();

        // Then
        assertEquals(List.of(), all.stream().filter(each -> !tabled.contains(each)).toList(), "rows that are missing");
        assertEquals(all, tabled, "each of them once");
        assertEquals(new TreeSet<>(List.of("Absent", "Deleted")),
                new TreeSet<>(SealedType.casesOf(SessionState.class).stream()
                        .filter(state -> !SealedType.casesOf(SessionState.Existing.class).contains(state)).toList()));
    }
}
