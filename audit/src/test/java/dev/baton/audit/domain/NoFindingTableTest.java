package dev.baton.audit.domain;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.baton.audit.Story;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionRow;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What a healthy Baton leaves behind, at rest and while it works: no findings. */
class NoFindingTableTest {
    private static final String OBJECT = "packets/p/dev/sessions/session_c1/snapshot.json";

    /**
     * @param state of the snapshot that the verdict tells
     * @param notChecked what the verdict admits
     */
    private record Row(String name, Story story, StoredSnapshot snapshot, String state, List<String> notChecked) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(atRest(), waiting(), whileItWorks(), afterRetention(), deleted()).flatMap(List::stream);
    }

    private static List<Row> atRest() {
        Story twoTurns = Story.ofTwoTurns();
        return List.of(same("two turns", twoTurns),
                none("a session without any message", new Story().run(RunReason.INITIAL)),
                same("a hand-over, and what the old run wrote behind the fence",
                        Story.ofTwoTurns().message(1, "m3", "x").run(RunReason.CONTINUATION).fence(2)
                                .answer(1, "ghost", "boo").turnUnsettled(1, 1).answer(2, "a3", "yes").turn(2, 1)),
                same("a second attempt fences once more",
                        new Story().run(RunReason.INITIAL).firstMessage("m1", "x").fence(1).fence(1)
                                .changedRow(row -> Story.fencedAt(row, 100)).answer(1, "a1", "y").turn(1, -1)),
                same("a backend writes without a run", Story.ofTwoTurns().chunk(0, "{\"type\":\"data-x\"}")),
                new Row("an agent that keeps its own history", twoTurns, new StoredSnapshot.AgentOwned(OBJECT),
                        "agent-owned", List.of()),
                new Row("an agent that keeps its history somewhere else",
                        Story.ofTwoTurns().changedRow(Story::keptByAgent), new StoredSnapshot.Absent(OBJECT),
                        "agent-owned", List.of()),
                new Row("an environment that is not in the settings", twoTurns, new StoredSnapshot.Unnamed(),
                        "not-compared", List.of("environment-unknown")));
    }

    private static List<Row> waiting() {
        return List.of(same("a message on a session with a run that is requested", Story.ofTwoTurns()
                .message(1, "m3", "x").run(RunReason.CONTINUATION)),
                same("a message on a session that was closed", Story.ofTwoTurns().message(1, "m3", "x").closed()),
                same("a message on a session that has expired", Story.ofTwoTurns().message(1, "m3", "x")
                        .changedRow(row -> Story.expiring(row, Story.CREATED_AT + 1))),
                same("a message whose run was cancelled", Story.ofTwoTurns().message(1, "m3", "x")
                        .run(RunReason.CONTINUATION).fence(2).ended(2, RunOutcome.CANCELLED)),
                none("a first message whose run says itself that it is done", new Story().run(RunReason.INITIAL)
                        .firstMessage("m1", "hi").fence(1).ended(1, RunOutcome.COMPLETED)
                        .readAfter(Duration.ofHours(1))));
    }

    private static List<Row> whileItWorks() {
        Story ahead = Story.ofTwoTurns();
        StoredSnapshot newest = new StoredSnapshot.Written(OBJECT, ahead.snapshot());
        Story cancelledThenContinued = Story.ofTwoTurns().message(1, "m3", "x").run(RunReason.CONTINUATION)
                .ended(2, RunOutcome.CANCELLED);
        SessionRow cancelled = cancelledThenContinued.row();
        return List.of(
                new Row("row and snapshot are newer than the records", ahead.readUpTo(110), newest, "not-compared",
                        List.of("snapshot-newer-than-read")),
                none("a first message whose run has just crashed: its error turn may be behind the end of the read",
                        new Story().run(RunReason.INITIAL).firstMessage("m1", "hi").fence(1)
                                .ended(1, RunOutcome.CRASHED)),
                same("a turn that is not settled yet", Story.ofTwoTurns().message(1, "m3", "x")
                        .run(RunReason.CONTINUATION).fence(2).answer(2, "a3", "y").turnUnsettled(2, 1)),
                same("the provenance is newer than the row", cancelledThenContinued.run(RunReason.CONTINUATION)
                        .changedRow(_ -> cancelled)),
                new Row("a turn claims inputs that have not come yet",
                        Story.ofTwoTurns().turn(1, 7).message(1, "m3", "x")
                                .closed(),
                        new StoredSnapshot.Written(OBJECT, Story.ofTwoTurns().turn(1, 7).snapshot()),
                        "not-compared", List.of("inputs-claimed-ahead")));
    }

    private static List<Row> afterRetention() {
        StoredSnapshot whole = new StoredSnapshot.Written(OBJECT, Story.ofTwoTurns().snapshot());
        return List.of(
                new Row("the older half has left the topics", Story.ofTwoTurns().afterRetention(107, 501), whole,
                        "not-compared", List.of("retention")),
                new Row("the first seqs of .in have left the topic",
                        Story.ofTwoTurns().message(1, "m3", "x").closed().afterRetention(113, 502), whole,
                        "not-compared", List.of("retention")),
                new Row("everything has left the topics", Story.ofTwoTurns().afterRetention(113, 502), whole,
                        "not-compared", List.of("retention")));
    }

    private static List<Row> deleted() {
        Story deleted = Story.ofTwoTurns().withoutRun(1).changedRow(Story::deleted);
        return List.of(
                new Row("a session that was deleted", deleted, new StoredSnapshot.Absent(OBJECT), "deleted",
                        List.of("deleted")),
                new Row("its messages that nobody will answer", Story.ofTwoTurns().message(1, "m3", "x").withoutRun(1)
                        .changedRow(Story::deleted), new StoredSnapshot.Absent(OBJECT), "deleted",
                        List.of("deleted")));
    }

    @ParameterizedTest
    @MethodSource("rows")
    @DisplayName("nothing is found where nothing is wrong")
    void nothingIsFound(Row row) {
        // Given
        SessionEvidence evidence = row.story().evidence();

        // When
        SessionVerdict verdict = SessionCheck.of(evidence, row.snapshot(), row.story().later());

        // Then
        assertEquals(List.of(), verdict.findings());
        assertEquals(row.state(), verdict.snapshotState());
        assertEquals(row.notChecked(), verdict.notChecked());
    }

    private static Row same(String name, Story story) {
        return new Row(name, story, new StoredSnapshot.Written(OBJECT, story.snapshot()), "same", List.of());
    }

    private static Row none(String name, Story story) {
        return new Row(name, story, new StoredSnapshot.Absent(OBJECT), "none", List.of());
    }
}
