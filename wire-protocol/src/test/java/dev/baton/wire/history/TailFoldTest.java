package dev.baton.wire.history;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

import dev.baton.wire.history.TailFold.Input;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** design D9, features #176–#187. */
class TailFoldTest {
    private final TailFold fold = new TailFold(Optional.empty());

    private static Input says(long seq, String id) {
        return new Input(seq, WireJson.readTree("{\"kind\":\"message\",\"payload\":{\"trigger\":\"submit-message\","
                + "\"message\":{\"id\":\"" + id + "\",\"role\":\"user\",\"parts\":[]}}}"));
    }

    private void answers(TailFold to, String id) {
        to.chunk(chunk("{\"type\":\"start\",\"messageId\":\"" + id + "\"}"));
        to.chunk(chunk("{\"type\":\"text-start\",\"id\":\"t\"}"));
        to.chunk(chunk("{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"x\"}"));
    }

    private static JsonNode chunk(String json) {
        return WireJson.readTree(json);
    }

    private static List<String> ids(List<ObjectNode> messages) {
        return messages.stream().map(message -> message.path("id").asText()).toList();
    }

    @Test
    void aTurnTakesTheInputsThatItsEndNamesAndLeavesTheRest() {
        // Given
        List.of(says(0, "u0"), says(1, "u1"), says(2, "u2")).forEach(fold::input);

        // When
        answers(fold, "a1");
        fold.completeTurn(7, 1);

        // Then
        assertEquals(List.of("u0", "u1", "a1"), ids(fold.settled().messages()));
        assertEquals(List.of(says(2, "u2")), fold.waiting());
        assertEquals(List.of("u0", "u1", "a1", "u2"), ids(fold.messages()));
        assertEquals(1, fold.settledInSeq());
        assertEquals(7, fold.settledOutSeq());
    }

    @Test
    void anAnswerWithoutItsEndIsOpenAndNoMessageYet() {
        // Given
        fold.input(says(0, "u0"));

        // When
        answers(fold, "a0");

        // Then
        assertEquals(3, fold.openChunks().size());
        assertEquals(List.of("u0"), ids(fold.messages()));
        assertEquals(Snapshot.NO_SEQ, fold.settledOutSeq());
    }

    @Test
    void whatTheSnapshotKnowsIsPassedOver() {
        // Given
        ObjectNode known = (ObjectNode) says(0, "u0").data().at("/payload/message");
        TailFold behind = new TailFold(Optional.of(Snapshot.of(1, List.of(known), 7, 0)));

        // When
        behind.input(says(0, "u0"));
        behind.input(says(1, "u1"));

        // Then
        assertEquals(List.of(says(1, "u1")), behind.waiting());
        assertEquals(0, behind.settledInSeq());
        assertEquals(7, behind.settledOutSeq());
    }

    @Test
    void theMessageASessionIsCreatedWithBelongsToItsFirstTurnOnly() {
        // Given
        Input first = says(Snapshot.NO_SEQ, "u0");
        TailFold later = new TailFold(Optional.of(Snapshot.of(1, List.of(), 7, Snapshot.NO_SEQ)));
        later.input(first);
        fold.input(first);

        // When
        answers(fold, "a0");
        fold.completeTurn(7, Snapshot.NO_SEQ);

        // Then
        assertEquals(List.of("u0", "a0"), ids(fold.messages()));
        assertEquals(List.of(), later.waiting());
    }

    /** design D5: an answer that a dead run began is one message, whether its successor goes on with it or not. */
    @Test
    void whereTheGenerationRisesTheRunBeforeIsCutOff() {
        // Given
        fold.writtenBy(1);
        answers(fold, "a0");
        fold.chunk(chunk("{\"type\":\"tool-input-start\",\"toolCallId\":\"c\",\"toolName\":\"find\"}"));

        // When
        fold.writtenBy(2);
        fold.chunk(chunk("{\"type\":\"finish\"}"));
        fold.completeTurn(9, Snapshot.NO_SEQ);

        // Then
        assertEquals(1, fold.messages().size());
        assertEquals(1, fold.messages().getFirst().path("parts").size(), "no half tool input: " + fold.messages());
    }

    /** features #347. */
    @Test
    void whatCannotBeReadCountsAndBringsNothing() {
        // Given
        fold.input(new Input(0, MissingNode.getInstance()));
        fold.chunk(MissingNode.getInstance());

        // When
        fold.completeTurn(3, 0);

        // Then
        assertEquals(List.of(), fold.messages());
        assertEquals(0, fold.settledInSeq());
    }

    @Test
    void anEndThatNamesMoreThanThereIsHidesNothingThatIsStillToCome() {
        // Given
        fold.input(says(0, "u0"));

        // When
        fold.completeTurn(3, 99);

        // Then
        assertEquals(0, fold.settledInSeq());
    }
}
