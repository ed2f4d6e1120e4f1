package dev.baton.wire.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HistoryEditTest {
    private static final int PAIRS = 2_000;

    private static ObjectNode message(String id, String text) {
        return WireJson.MAPPER.createObjectNode().put("id", id).put("text", text);
    }

    /** A part of ten messages, some with other texts, at times in another order. */
    private static List<ObjectNode> history(Random random) {
        List<ObjectNode> messages = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            if (random.nextInt(3) > 0) {
                messages.add(message("m" + i, "text " + random.nextInt(2)));
            }
        }
        if (random.nextInt(4) == 0) {
            Collections.shuffle(messages, random);
        }
        return messages;
    }

    @Test
    void anEditMakesOneHistoryOfTheOtherAlsoThroughItsChunksAndBeneathNewerMessages() {
        Random random = new Random(1);
        List<ObjectNode> newer = List.of(message("n1", "came later"), message("n2", "and later"));
        for (int pair = 0; pair < PAIRS; pair++) {
            // Given
            List<ObjectNode> before = history(random);
            List<ObjectNode> after = history(random);

            // When
            HistoryEdit edit = HistoryEdit.between(before, after);
            ConversationFold fold = new ConversationFold(before);
            edit.chunks(0).forEach(fold::chunk);
            fold.completeTurn();

            // Then
            assertEquals(after, edit.applyTo(before), "pair " + pair);
            assertEquals(after, fold.messages(), "pair " + pair);
            assertEquals(joined(after, newer), edit.applyTo(joined(before, newer)), "pair " + pair);
            assertEquals(after, edit.applyTo(edit.applyTo(before)), "twice, pair " + pair);
        }
    }

    private static List<ObjectNode> joined(List<ObjectNode> first, List<ObjectNode> second) {
        List<ObjectNode> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    @Test
    void whatStaysAsItIsTakesNoPart() {
        // Given
        List<ObjectNode> before = List.of(message("a", "1"), message("b", "1"), message("c", "1"));

        // When
        HistoryEdit edit = HistoryEdit.between(before,
                List.of(message("a", "1"), message("c", "2"), message("d", "1")));

        // Then
        assertEquals(new HistoryEdit(List.of("b"),
                List.of(new HistoryEdit.Put(message("c", "2"), Optional.of("a")),
                        new HistoryEdit.Put(message("d", "1"), Optional.of("c")))),
                edit);
        assertTrue(HistoryEdit.between(before, before).isEmpty());
    }

    @Test
    void messagesWithoutAnIdStay() {
        // Given
        List<ObjectNode> before = List.of(message("", "nameless"), message("a", "1"));

        // When, Then
        assertEquals(List.of(message("", "nameless")),
                HistoryEdit.between(before, List.of(message("", "nameless"))).applyTo(before));
        assertThrows(IllegalArgumentException.class, () -> HistoryEdit.between(before, List.of(message("a", "1"))));
        assertThrows(IllegalArgumentException.class,
                () -> HistoryEdit.between(List.of(), List.of(message("", "new"))));
        assertThrows(IllegalArgumentException.class,
                () -> HistoryEdit.between(List.of(), List.of(message("a", "1"), message("a", "2"))));
    }

    @Test
    @DisplayName("PROTOCOL 4.11: an edit counts with the turn-complete behind it")
    void anEditCountsWithTheEndOfItsTurn() {
        // Given
        ConversationFold fold = new ConversationFold(
                List.of(message("u1", "one"), message("a1", "to one"), message("u2", "two")));
        chunks(fold, "{'type':'start','messageId':'a2'}", "{'type':'text-start','id':'t'}",
                "{'type':'text-delta','id':'t','delta':'x'}", "{'type':'finish'}");

        // When
        chunks(fold, "{'type':'data-history-edit','transient':true,'data':{'part':0,'remove':['u1','a1']}}",
                "{'type':'data-history-edit','transient':true,'data':{'part':1,'put':{'id':'s','role':'user'}}}");
        List<String> before = ids(fold);
        fold.completeTurn();

        // Then
        assertEquals(List.of("u1", "a1", "u2", "a2"), before);
        assertEquals(List.of("s", "u2", "a2"), ids(fold));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'type':'start','messageId':'a2'}",
            "{'type':'data-history-edit','transient':true,'data':{'part':0,'remove':['nobody']}}"})
    void anEditOfARunThatDiedBeforeTheEndOfItsTurnIsNone(String next) {
        // Given
        ConversationFold fold = new ConversationFold(List.of(message("u1", "one")));
        chunks(fold, "{'type':'data-history-edit','transient':true,'data':{'part':0,'remove':['u1']}}");

        // When another run goes on with the turn
        chunks(fold, next);
        fold.completeTurn();

        // Then
        assertEquals(List.of("u1"), ids(fold));
    }

    @Test
    void anEditBeforeAFenceIsNone() {
        // Given
        ConversationFold fold = new ConversationFold(List.of(message("u1", "one")));
        chunks(fold, "{'type':'data-history-edit','transient':true,'data':{'part':0,'remove':['u1']}}");

        // When
        fold.fence();
        fold.completeTurn();

        // Then
        assertEquals(List.of("u1"), ids(fold));
    }

    @Test
    void anEditOfAnAnswerThatWasNotFinalLeavesItThat() {
        // Given
        ConversationFold fold = new ConversationFold(List.of());
        chunks(fold, "{'type':'start','messageId':'a1'}", "{'type':'text-start','id':'t'}",
                "{'type':'text-delta','id':'t','delta':'x'}", "{'type':'abort'}");

        // When
        chunks(fold, "{'type':'data-history-edit','transient':true,'data':{'part':0,"
                + "'put':{'id':'a1','role':'assistant','parts':[]}}}");
        fold.completeTurn();

        // Then
        assertEquals(List.of(json("{'id':'a1','role':'assistant','parts':[]}")),
                List.<JsonNode>copyOf(fold.messages()));
        assertEquals(List.of("a1"), fold.nonFinalIds());
    }

    private static void chunks(ConversationFold fold, String... chunks) {
        for (String chunk : chunks) {
            fold.chunk(json(chunk));
        }
    }

    private static List<String> ids(ConversationFold fold) {
        return fold.messages().stream().map(message -> message.path("id").asText()).toList();
    }

    private static JsonNode json(String text) {
        return WireJson.readTree(text.replace('\'', '"'));
    }
}
