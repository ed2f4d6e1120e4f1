package dev.baton.audit.domain;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.baton.audit.Story;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** For each kind of finding stories that have it, and it alone. */
class FindingTableTest {
    private static final String OBJECT = "packets/p/dev/sessions/session_c1/snapshot.json";

    /**
     * @param finding all that is to be found
     * @param snapshot what lies in the store; most stories have what the snapshotter would have written
     */
    private record Row(String name, Finding finding, Story story, Function<Story, StoredSnapshot> snapshot) {
        private Row(String name, Finding finding, Story story) {
            this(name, finding, story, FindingTableTest::asItShouldBe);
        }

        @Override
        public String toString() {
            return finding.kind() + ": " + name;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(ofMessages(), ofFences(), ofProvenance(), ofSettlement(), ofSnapshots(), ofDeletions())
                .flatMap(List::stream);
    }

    private static List<Row> ofMessages() {
        return List.of(
                new Row("a seq in the middle is missing", new ChannelFinding.InGap(Story.CHAT.toString(), 1, 2, 502),
                        Story.ofTwoTurns().message(2, "m4", "x").closed()),
                new Row("the first seq is missing", new ChannelFinding.InGap(Story.CHAT.toString(), 0, 1, 501),
                        new Story().run(RunReason.INITIAL).firstMessage("m1", "hi").message(1, "m2", "x")),
                new Row("a seq is there twice", new ChannelFinding.InGap(Story.CHAT.toString(), 1, 0, 502),
                        Story.ofTwoTurns().message(0, "m9", "x")));
    }

    private static List<Row> ofFences() {
        return List.of(
                new Row("a run writes under a generation that nobody has fenced",
                        new ChannelFinding.WriteBeforeFence(100, 1, 0),
                        new Story().run(RunReason.INITIAL).chunk(1, "{}").fence(1)),
                new Row("a fence of a generation that was never handed over",
                        new ChannelFinding.FenceWithoutRun(113, 9, Story.runId(9)),
                        Story.ofTwoTurns().fence(9).changedRow(row -> Story.fencedAt(row, 100))),
                new Row("the row names a fence where there is none", new ChannelFinding.FenceMissing(101, 1),
                        Story.ofTwoTurns().changedRow(row -> Story.fencedAt(row, 101))),
                new Row("a turn-complete behind the fence of a successor has moved the cursor",
                        new ChannelFinding.VoidTurnSettled(114, 1),
                        Story.ofTwoTurns().run(RunReason.CONTINUATION).fence(2).turn(1, 0),
                        _ -> new StoredSnapshot.AgentOwned(OBJECT)),
                new Row("the row names a settled turn where there is none", new ChannelFinding.SettledTurnMissing(111),
                        Story.ofTwoTurns().changedRow(row -> Story.settled(row, 0, 111)),
                        story -> new StoredSnapshot.Written(OBJECT, story.snapshotAt(112))));
    }

    private static List<Row> ofProvenance() {
        return List.of(
                new Row("a generation is missing", new OwnershipFinding.GenerationGap(2, 3, Story.runId(3)),
                        threeRuns().withoutRun(2)),
                new Row("the first generation is missing", new OwnershipFinding.GenerationGap(1, 2, Story.runId(2)),
                        new Story().run(RunReason.INITIAL).ended(1, RunOutcome.COMPLETED).run(RunReason.MANUAL)
                                .withoutRun(1)),
                new Row("a run names another run before it than there was",
                        new OwnershipFinding.RunChainBroken(Story.runId(3), 3, Story.runId(2), Story.runId(1)),
                        threeRuns().changedRun(3, run -> Story.after(run, Story.runId(1)))),
                new Row("the first run names a run before it",
                        new OwnershipFinding.RunChainBroken(Story.runId(1), 1, null, "run_x"),
                        new Story().run(RunReason.INITIAL).changedRun(1, run -> Story.after(run, "run_x"))),
                new Row("two runs are alive at a time",
                        new OwnershipFinding.RunNotEnded(Story.runId(1), 1, Story.runId(2)),
                        new Story().run(RunReason.INITIAL).run(RunReason.CONTINUATION)),
                new Row("the session has no provenance of its owner",
                        new OwnershipFinding.OwnerWithoutProvenance(Story.runId(1), 1), ownerForgotten()));
    }

    private static List<Row> ofSettlement() {
        return List.of(
                new Row("a message without a run",
                        new OwnershipFinding.MessagesUnsettled(1, 2, Story.runId(1), RunOutcome.COMPLETED),
                        Story.ofTwoTurns().message(1, "m3", "x").message(2, "m4", "y")),
                new Row("the first message went down with its run",
                        new OwnershipFinding.FirstMessageUnsettled(Story.runId(1), RunOutcome.CRASHED),
                        new Story().run(RunReason.INITIAL).firstMessage("m1", "hi").fence(1)
                                .ended(1, RunOutcome.CRASHED).readAfter(Duration.ofHours(1))));
    }

    private static List<Row> ofSnapshots() {
        Story story = Story.ofTwoTurns();
        return List.of(
                new Row("no object", new SnapshotFinding.SnapshotMissing(OBJECT, 112), story,
                        _ -> new StoredSnapshot.Absent(OBJECT)),
                new Row("no JSON", new SnapshotFinding.SnapshotBroken(OBJECT), story,
                        _ -> new StoredSnapshot.Broken(OBJECT)),
                new Row("one of an earlier turn", new SnapshotFinding.SnapshotOlder(OBJECT, 112, 106), story,
                        all -> new StoredSnapshot.Written(OBJECT, all.snapshotAt(106))),
                new Row("one without a cursor", new SnapshotFinding.SnapshotOlder(OBJECT, 112, -1), story,
                        _ -> new StoredSnapshot.Written(OBJECT, Snapshot.of(0, List.of(), -1, -1))),
                new Row("a cursor that is no turn", new SnapshotFinding.SnapshotCursorUnknown(OBJECT, 113),
                        Story.ofTwoTurns().chunk(1, "{}"), all -> written(all.snapshot(), 113)),
                new Row("another text in a message", new SnapshotFinding.SnapshotDiffers(OBJECT, 112, 4, 4, 1, 0, 0),
                        story,
                        all -> new StoredSnapshot.Written(OBJECT, withAnotherText(all.snapshot()))),
                new Row("a message too few", new SnapshotFinding.SnapshotDiffers(OBJECT, 112, 4, 3, 3, 0, 0), story,
                        all -> new StoredSnapshot.Written(OBJECT,
                                Snapshot.of(0, all.snapshot().messages().subList(0, 3),
                                        112, 0))),
                new Row("another cursor of .in", new SnapshotFinding.SnapshotDiffers(OBJECT, 112, 4, 4, -1, 0, -1),
                        story,
                        all -> new StoredSnapshot.Written(OBJECT, Snapshot.of(0, all.snapshot().messages(), 112, -1))));
    }

    private static List<Row> ofDeletions() {
        return List.of(
                new Row("rows of its runs", new DeletionFinding.ProvenanceAfterDeletion(Story.runId(1), 1),
                        Story.ofTwoTurns().changedRow(Story::deleted), _ -> new StoredSnapshot.Absent(OBJECT)),
                new Row("its snapshot", new DeletionFinding.SnapshotAfterDeletion(OBJECT), deletedStory()),
                new Row("one that its agent wrote", new DeletionFinding.SnapshotAfterDeletion(OBJECT), deletedStory(),
                        _ -> new StoredSnapshot.AgentOwned(OBJECT)),
                new Row("one that nobody can read", new DeletionFinding.SnapshotAfterDeletion(OBJECT), deletedStory(),
                        _ -> new StoredSnapshot.Broken(OBJECT)));
    }

    private static Story deletedStory() {
        return Story.ofTwoTurns().withoutRun(1).changedRow(Story::deleted);
    }

    @ParameterizedTest
    @MethodSource("rows")
    @DisplayName("each finding is found where it is, and nothing else is")
    void isFound(Row row) {
        // Given
        StoredSnapshot snapshot = row.snapshot().apply(row.story());

        // When
        SessionVerdict verdict = SessionCheck.of(row.story().evidence(), snapshot, row.story().later());

        // Then
        assertEquals(List.of(row.finding()), verdict.findings());
        assertEquals(
                row.finding().getClass().getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT),
                row.finding().kind());
        assertFalse(row.finding().expected().isBlank() || row.finding().actual().isBlank());
    }

    @Test
    @DisplayName("records without a row of their session are a finding by themselves")
    void recordsWithoutARow() {
        // Given
        SessionEvidence evidence = Story.ofTwoTurns().evidence(null);

        // When
        SessionVerdict verdict = SessionCheck.of(evidence, new StoredSnapshot.Unnamed(), 0);

        // Then
        assertEquals(List.of(new OwnershipFinding.RowMissing(evidence.in().size() + evidence.out().size(), 1)),
                verdict.findings());
    }

    @Test
    @DisplayName("what a secret key writes to .out before the session is created is no finding")
    void aChannelMayComeBeforeItsSession() {
        // Given
        SessionEvidence evidence = new Story().chunk(0, "{}").turnUnsettled(0, -1).evidence(null);

        // When
        SessionVerdict verdict = SessionCheck.of(evidence, new StoredSnapshot.Unnamed(), 0);

        // Then
        assertEquals(List.of(), verdict.findings());
        assertEquals(List.of("no-session"), verdict.notChecked());
    }

    @Test
    @DisplayName("every kind of finding has a story")
    void everyKindHasAStory() {
        // Given
        Set<Class<?>> kinds = Stream.of(Finding.class.getPermittedSubclasses())
                .flatMap(group -> Stream.of(group.getPermittedSubclasses())).collect(Collectors.toSet());

        // When
        Set<Class<?>> told = Stream
                .concat(rows().map(row -> row.finding().getClass()), Stream.of(OwnershipFinding.RowMissing.class))
                .collect(Collectors.toSet());

        // Then
        assertEquals(kinds, told);
    }

    private static Story threeRuns() {
        return new Story().run(RunReason.INITIAL).ended(1, RunOutcome.COMPLETED).run(RunReason.CONTINUATION)
                .ended(2, RunOutcome.COMPLETED).run(RunReason.CONTINUATION);
    }

    /** The row was written while there was a run, and its provenance is gone. */
    private static Story ownerForgotten() {
        Story story = new Story().run(RunReason.INITIAL);
        var row = story.row();
        return story.withoutRun(1).changedRow(_ -> row);
    }

    private static StoredSnapshot asItShouldBe(Story story) {
        return story.row().settledOutSeq() < 0
                ? new StoredSnapshot.Absent(OBJECT)
                : new StoredSnapshot.Written(OBJECT, story.snapshot());
    }

    /** The same messages under another cursor. */
    private static StoredSnapshot written(Snapshot snapshot, long lastOutSeq) {
        return new StoredSnapshot.Written(OBJECT,
                Snapshot.of(0, snapshot.messages(), lastOutSeq, snapshot.lastInSeq()));
    }

    private static Snapshot withAnotherText(Snapshot snapshot) {
        Snapshot changed = Optional.of(snapshot.bytes()).flatMap(Snapshot::read).orElseThrow();
        ObjectNode text = (ObjectNode) changed.messages().get(1).path("parts").get(0);
        text.put("text", "something else");
        return changed;
    }
}
