package dev.baton.wire.history;

import java.nio.charset.StandardCharsets;
import java.util.List;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SnapshotTest {
    private static final ObjectNode MESSAGE = WireJson.MAPPER.createObjectNode().put("id", "u1");

    @Test
    void theStoredTextIsThatOfFormatOne() {
        // Given
        Snapshot snapshot = Snapshot.of(12, List.of(MESSAGE), 7, 0);

        // When
        String text = new String(snapshot.bytes(), StandardCharsets.UTF_8);

        // Then
        assertEquals("{\"version\":1,\"savedAt\":12,\"messages\":[{\"id\":\"u1\"}],"
                + "\"lastOutEventId\":\"7\",\"lastInEventId\":\"0\"}", text);
        assertEquals(snapshot, Snapshot.read(snapshot.bytes()).orElseThrow());
    }

    @Test
    void aCursorThatIsNotThereIsLeftOut() {
        // Given
        Snapshot snapshot = Snapshot.of(12, List.of(), 7, Snapshot.NO_SEQ);

        // When
        String text = new String(snapshot.bytes(), StandardCharsets.UTF_8);

        // Then
        assertEquals("{\"version\":1,\"savedAt\":12,\"messages\":[],\"lastOutEventId\":\"7\"}", text);
        assertEquals(Snapshot.NO_SEQ, Snapshot.read(snapshot.bytes()).orElseThrow().lastInSeq());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{", "[]", "{\"version\":2,\"savedAt\":1,\"messages\":[]}",
            "{\"v\":2,\"savedAt\":1,\"state\":null}\n{\"ids\":[]}", "{\"version\":1,\"savedAt\":1}",
            "{\"version\":1,\"savedAt\":1,\"messages\":[3]}",
            "{\"version\":1,\"savedAt\":1,\"messages\":[],\"lastOutEventId\":\"x\"}"})
    void whatIsNotFormatOneIsNoSnapshot(String text) {
        // Given
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        // When / Then
        assertTrue(Snapshot.read(bytes).isEmpty());
    }
}
