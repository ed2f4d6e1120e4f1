package dev.baton.session.domain;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import dev.baton.wire.session.SessionCommand.CompleteWaits;
import dev.baton.wire.session.SessionCommand.RegisterWait;
import dev.baton.wire.session.SessionCommand.WaitCommand;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.WaitRow;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Every command about waits, an append and time, whatever waits there are: what happens to them and what is answered. */
class WaitDecisionTableTest {
    private static final long NOW = Sessions.NOW;

    /** An input, the waits that it meets, and the outcome: events and answer, or {@code -} for neither. */
    private static final String TABLE = """
            RegisterWait | none pending pendingOut keyUsed | WaitRegistered new
            RegisterWait | timedOut | DeadWaitsForgotten WaitRegistered new
            RegisterWait | full | TOO_MANY_WAITS
            RegisterWait behind a record | none pending pendingOut keyUsed | WaitRegistered new
            RegisterWait behind a record | timedOut | DeadWaitsForgotten WaitRegistered new
            RegisterWait behind a record | full | TOO_MANY_WAITS
            RegisterWait with a key | none pending pendingOut | WaitRegistered new
            RegisterWait with a key | timedOut | DeadWaitsForgotten WaitRegistered new
            RegisterWait with a key | keyUsed | known
            RegisterWait with a key | full | TOO_MANY_WAITS
            CompleteWaits | none pendingOut keyUsed | known
            CompleteWaits | timedOut | DeadWaitsForgotten known
            CompleteWaits | pending full | WaitsCompleted known
            an append | none pendingOut keyUsed | -
            an append | timedOut | DeadWaitsForgotten
            an append | pending full | WaitsCompleted
            time | none pending pendingOut keyUsed full | -
            time | timedOut | DeadWaitsForgotten
            """;

    private static final Map<String, Waits> WAITS = Map.of("none", Waits.NONE,
            "pending", pending("in", null, 1), "pendingOut", pending("out", null, 1),
            "timedOut", pending("in", NOW, 1), "full", pending("in", null, WaitDecider.PENDING_MAX),
            "keyUsed", new Waits(List.of(), List.of(new Waits.UsedKey("run_1", "k", "w0", NOW + 1))));

    private record Row(String input, String waits, String outcome) {}

    private static Waits pending(String io, Long timeoutAt, int count) {
        return new Waits(IntStream.range(0, count).mapToObj(number -> new WaitRow(WaitRow.FORMAT, "w" + number,
                "env_dev", "chat-1", io, "run_1", List.of(), NOW - 1, timeoutAt, null, null)).toList(), List.of());
    }

    private static List<Row> rows() {
        return TABLE.lines().map(line -> line.split("\\|"))
                .flatMap(cells -> Stream.of(cells[1].strip().split(" "))
                        .map(waits -> new Row(cells[0].strip(), waits, cells[2].strip())))
                .toList();
    }

    private static WaitDecision decide(String input, Waits waits) {
        return switch (input) {
            case "an append" -> WaitDecider.appended(waits, 3, NOW);
            case "time" -> WaitDecider.forget(waits, NOW);
            case "CompleteWaits" -> WaitDecider.decide(waits, new CompleteWaits("in", null, 3), occasion(-1));
            case "RegisterWait behind a record" -> WaitDecider.decide(waits, registration(null), occasion(3));
            case "RegisterWait with a key" -> WaitDecider.decide(waits, registration("k"), occasion(-1));
            case "RegisterWait" -> WaitDecider.decide(waits, registration(null), occasion(-1));
            default -> throw new IllegalArgumentException("expected an input of the table, but was '" + input + "'");
        };
    }

    private static WaitDecider.Occasion occasion(long lastInSeq) {
        return new WaitDecider.Occasion(Sessions.KEY, NOW, lastInSeq);
    }

    private static RegisterWait registration(String key) {
        return new RegisterWait("w", "run_1", "in", -1, null, List.of(), key, key == null ? null : NOW + 1);
    }

    private static String outcome(WaitDecision decision) {
        String events = String.join(" ", decision.events().stream().map(event -> event.getClass().getSimpleName())
                .toList());
        String reply = switch (decision.reply()) {
            case null -> "";
            case SessionReply.WaitAnswered answer -> answer.cached() ? "known" : "new";
            case SessionReply.Refused refused -> refused.refusal().name();
            case SessionReply.SessionAnswered _,SessionReply.AppendAnswered _,SessionReply.HandOverAnswered _ ->
                throw new AssertionError("expected an answer about waits, but was " + decision.reply());
        };
        String both = (events + " " + reply).strip();
        return both.isEmpty() ? "-" : both;
    }

    @TestFactory
    @DisplayName("issue 4: every command about waits, whatever waits there are")
    Stream<DynamicTest> everyInputHasItsOutcomeWhateverWaits() {
        return rows().stream().map(row -> DynamicTest.dynamicTest(row.input() + " while " + row.waits(), () -> {
            // When
            WaitDecision decision = decide(row.input(), WAITS.get(row.waits()));

            // Then
            assertEquals(row.outcome(), outcome(decision));
        }));
    }

    @Test
    void theTableHasEveryCommandAndEveryEventAndNoGap() {
        // Given
        Set<String> inputs = new TreeSet<>(SealedType.casesOf(WaitCommand.class));
        rows().forEach(row -> inputs.add(row.input()));

        // When
        List<String> tabled = rows().stream().map(row -> row.input() + " while " + row.waits()).sorted().toList();

        // Then
        assertEquals(inputs.stream().flatMap(input -> WAITS.keySet().stream().map(waits -> input + " while " + waits))
                .sorted().toList(), tabled);
        SealedType.casesOf(WaitEvent.class).forEach(event -> assertEquals(true, TABLE.contains(event), event));
    }
}
