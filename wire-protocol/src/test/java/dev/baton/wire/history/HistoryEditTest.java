package dev.baton.wire.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

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
}
