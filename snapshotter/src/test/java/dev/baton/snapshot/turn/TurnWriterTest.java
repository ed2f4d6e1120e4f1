package dev.baton.snapshot.turn;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.snapshot.domain.FinishedTurn;
import dev.baton.snapshot.domain.SessionFacts;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;

import static dev.baton.snapshot.domain.Records.CHAT;
import static dev.baton.snapshot.domain.Records.chunk;
import static dev.baton.snapshot.domain.Records.in;
import static dev.baton.snapshot.domain.Records.turnComplete;
import static dev.baton.snapshot.domain.Records.userMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

class TurnWriterTest {
    private static final String OBJECT = "packets/proj_local/dev/sessions/session_1/snapshot.json";
    private static final Environments ENVIRONMENTS = new Environments(
            List.of(new Environment("env_dev", "dev", "proj_local", List.of("tr_dev_x"))));

    private final MemoryStore store = new MemoryStore();
    private final ListTopics topics = new ListTopics();
    private Optional<SessionFacts> row = Optional.of(new SessionFacts("session_1", 0, -1, -1, 1, 0, null, false, null));
    private final TurnWriter writer = new TurnWriter(key -> row, ENVIRONMENTS, store, store, topics,
            () -> Instant.ofEpochMilli(77));

    @Test
    void theFirstTurnHoldsItsMessageAndItsAnswer() {
        // Given
        FinishedTurn turn = turn(9, -1, List.of(data(5, "one")), List.of(in(CHAT, 0, -1, userMessage("u1", "hi"))));

        // When
        TurnOutcome outcome = writer.write(turn);

        // Then
        assertEquals(TurnOutcome.WRITTEN, outcome);
        assertEquals(List.of("u1", "msg-1"), ids());
        assertEquals("9", stored().lastOutEventId());
        assertEquals(null, stored().lastInEventId());
        assertEquals(77, stored().savedAt());
        assertEquals(0, topics.rereads);
    }

    @Test
    void aBoundaryThatIsStoredAlreadyIsNotWrittenAgain() {
        // Given
        store.put(OBJECT, Snapshot.of(1, List.of(), 9, 0));

        // When
        TurnOutcome outcome = writer.write(turn(9, 0, List.of(), List.of()));

        // Then
        assertEquals(TurnOutcome.ALREADY_THERE, outcome);
        assertEquals(0, store.writes);
    }

    @Test
    void recordsThatTheSnapshotKnowsAreNotFoldedAgain() {
        // Given
        store.put(OBJECT, Snapshot.of(1, List.of(), 5, 0));
        List<StoredRecord> in = List.of(in(CHAT, 0, -1, userMessage("u0", "first")),
                in(CHAT, 1, 0, userMessage("u1", "known")), in(CHAT, 2, 1, userMessage("u2", "new")),
                in(CHAT, 3, 2, userMessage("u3", "not consumed")));

        // When
        writer.write(turn(9, 1, List.of(data(4, "known"), data(5, "known"), data(6, "new")), in));

        // Then
        assertEquals(List.of("u2", "msg-1"), ids());
        assertEquals(1, stored().lastInSeq());
    }

    @Test
    void aLostRaceIsFoldedAgainOnWhatTheWinnerStored() {
        // Given
        store.beforeNextWrite = () -> store.put(OBJECT, Snapshot.of(1, List.of(), 3, 0));

        // When
        TurnOutcome outcome = writer.write(turn(9, 1, List.of(data(2, "known"), data(6, "new")),
                List.of(in(CHAT, 0, -1, "x"), in(CHAT, 1, 0, userMessage("u1", "known")),
                        in(CHAT, 2, 1, userMessage("u2", "new")))));

        // Then
        assertEquals(TurnOutcome.WRITTEN, outcome);
        assertEquals(List.of("u2", "msg-1"), ids());
    }

    @Test
    void anObjectOfTheAgentIsNeverTouched() {
        // Given
        store.beforeNextWrite = () -> store.objects.put(OBJECT, new StoredObject.AgentOwned());

        // When
        TurnOutcome outcome = writer.write(turn(9, -1, List.of(), List.of(in(CHAT, 0, -1, "x"))));

        // Then
        assertEquals(TurnOutcome.STOOD_DOWN, outcome);
        assertEquals(0, store.writes);
    }

    @Test
    @DisplayName("PROTOCOL 2.26: nothing is asked of the store about a session whose agent keeps the history")
    void anAgentThatKeepsTheHistoryCausesNoTraffic() {
        // Given
        row = Optional.of(new SessionFacts("session_1", 0, -1, -1, 1, 0, null, true, null));
        store.down = true;

        // When
        TurnOutcome outcome = writer.write(turn(9, -1, List.of(data(5, "one")), List.of()));

        // Then
        assertEquals(TurnOutcome.STOOD_DOWN, outcome);
    }

    @Test
    @DisplayName("PROTOCOL 2.25: a turn of a session that was deleted is not stored")
    void aDeletedSessionKeepsNoHistory() {
        // Given
        row = Optional.of(new SessionFacts("session_1", 0, -1, -1, 1, 0, 5L, false, 5L));

        // When
        TurnOutcome outcome = writer.write(turn(9, -1, List.of(data(5, "one")), List.of()));

        // Then
        assertEquals(TurnOutcome.DELETED, outcome);
        assertEquals(0, store.writes);
    }

    @Test
    void aDamagedObjectIsRebuiltFromTheTopics() {
        // Given
        store.objects.put(OBJECT, new StoredObject.Damaged("v9"));
        row = Optional.of(new SessionFacts("session_1", 0, 0, 4, 1, 0, null, false, null));
        topics.in.addAll(List.of(in(CHAT, 0, 0, userMessage("u1", "a")), in(CHAT, 1, 1, userMessage("u2", "b"))));
        topics.out.addAll(List.of(data(2, "a"), turnComplete(CHAT, 4, 1, 0), data(6, "b")));

        // When
        TurnOutcome outcome = writer.write(turn(9, 1, List.of(topics.out.get(2)), List.of(topics.in.get(1))));

        // Then
        assertEquals(TurnOutcome.WRITTEN, outcome);
        assertEquals(List.of("u1", "msg-1", "u2", "msg-3"), ids());
    }

    @Test
    void whatMemoryGaveUpIsReadFromTheTopicAgain() {
        // Given
        topics.out.addAll(List.of(data(5, "one"), data(6, "two")));
        var overflowed = new FinishedTurn(new Boundary(CHAT, 9, -1, 1), 0, 5, 7, List.of(),
                List.of(in(CHAT, 0, -1, userMessage("u1", "hi"))));

        // When
        writer.write(overflowed);

        // Then
        assertEquals(2, stored().messages().getLast().get("parts").size());
        assertEquals(1, topics.rereads);
    }

    @Test
    void aHoleInTheInputsIsReadFromTheTopicAgain() {
        // Given
        store.put(OBJECT, Snapshot.of(1, List.of(), 3, 0));
        topics.in.addAll(List.of(in(CHAT, 1, 1, userMessage("u1", "a")), in(CHAT, 2, 2, userMessage("u2", "b"))));

        // When
        writer.write(turn(9, 2, List.of(), List.of(topics.in.get(1))));

        // Then
        assertEquals(List.of("u1", "u2"), ids());
    }

    @Test
    void aCursorBeyondWhatWasEverSentIsNotBelieved() {
        // Given
        StoredRecord only = in(CHAT, 1, 0, userMessage("u1", "a"));
        topics.in.add(only);

        // When
        writer.write(turn(9, 1_000_000_000_000L, List.of(), List.of(only)));

        // Then
        assertEquals(0, stored().lastInSeq());
    }

    @Test
    void aWriterThatHadLostTheSessionEndsNoTurn() {
        // Given
        row = Optional.of(new SessionFacts("session_1", 0, -1, -1, 2, 8, null, false, null));

        // When
        TurnOutcome outcome = writer.write(turn(9, -1, List.of(), List.of()));

        // Then
        assertEquals(TurnOutcome.VOID, outcome);
    }

    @Test
    void withoutARowTheBoundaryWaits() {
        // Given
        row = Optional.empty();

        // When
        TurnOutcome outcome = writer.write(turn(9, -1, List.of(), List.of()));

        // Then
        assertEquals(TurnOutcome.ROW_MISSING, outcome);
    }

    @Test
    void aStoreThatIsDownIsToldToTheCaller() {
        // Given
        store.down = true;
        FinishedTurn turn = turn(9, -1, List.of(), List.of(in(CHAT, 0, -1, "x")));

        // When / Then
        assertThrows(StoreException.class, () -> writer.write(turn));
        assertFalse(store.objects.containsKey(OBJECT));
    }

    @Test
    void bodiesThatAreNoChunksAreNotForTheHistory() {
        // Given
        List<StoredRecord> out = List.of(chunk(CHAT, 1, 1, "\"text\""), chunk(CHAT, 2, 1, "not json"),
                data(3, "chunk"));

        // When
        writer.write(turn(9, -1, out, List.of(in(CHAT, 0, -1, "not json"))));

        // Then
        assertEquals(1, stored().messages().size());
        assertEquals(1, stored().messages().getFirst().get("parts").size());
    }

    private static FinishedTurn turn(long outSeq, long inSeq, List<StoredRecord> out, List<StoredRecord> in) {
        return new FinishedTurn(new Boundary(CHAT, outSeq, inSeq, 1), 0, 5, 5, out, in);
    }

    private static StoredRecord data(long offset, String value) {
        return chunk(CHAT, offset, 1, "{\"type\":\"data-x\",\"data\":\"" + value + "\"}");
    }

    private Snapshot stored() {
        return ((StoredObject.Written) store.objects.get(OBJECT)).snapshot();
    }

    private List<String> ids() {
        return stored().messages().stream().map(message -> message.get("id").asText()).toList();
    }
}
