package dev.baton.session.store;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

import dev.baton.session.domain.WaitDecider;
import dev.baton.session.domain.Waits;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.TopicCatalog;
import dev.baton.wire.session.WaitRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WaitsCodecTest {
    private static final Waits WAITS = new Waits(
            List.of(new WaitRow(1, "waitpoint_c1", "env_dev", "chat-1", "in", "run_1", List.of("t"), 5, 9L, null,
                    null)),
            List.of(new Waits.UsedKey("run_1", "k", "waitpoint_c1", 7)));
    private static final String GOLDEN = "{\"v\":1,\"pending\":[{\"v\":1,\"waitpointId\":\"waitpoint_c1\","
            + "\"environmentId\":\"env_dev\",\"chatId\":\"chat-1\",\"io\":\"in\",\"runId\":\"run_1\","
            + "\"tags\":[\"t\"],\"createdAt\":5,\"timeoutAt\":9}],"
            + "\"usedKeys\":[{\"runId\":\"run_1\",\"key\":\"k\",\"waitpointId\":\"waitpoint_c1\",\"expiresAt\":7}]}";

    @Test
    void theStoredFormatIsPinned() {
        // When, Then
        assertEquals(GOLDEN, new String(WaitsCodec.write(WAITS), StandardCharsets.UTF_8));
        assertEquals(WAITS, WaitsCodec.read(GOLDEN.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void anEntryAtItsBoundsFitsTheChangelog() {
        // Given
        String wide = "\u20ac";
        WaitRow wait = new WaitRow(1, "waitpoint_c" + "1".repeat(24), "env_dev", wide.repeat(512), "in", "run_1",
                Collections.nCopies(10, wide.repeat(128)), 5, 9L, null, null);
        Waits.UsedKey key = new Waits.UsedKey("run_1", wide.repeat(2048), wait.waitpointId(), 7);

        // When
        byte[] bytes = WaitsCodec.write(new Waits(Collections.nCopies(WaitDecider.PENDING_MAX, wait),
                Collections.nCopies(Waits.USED_KEYS_MAX, key)));

        // Then
        int limit = Integer.parseInt(
                TopicCatalog.changelog(Settings.of(Map.of())).get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
        assertTrue(bytes.length < limit, bytes.length + " bytes, limit " + limit);
    }

    @Test
    void anUnknownFormatIsRefusedAndNotOverwritten() {
        // When
        var refusal = assertThrows(SerializationException.class,
                () -> WaitsCodec.read(GOLDEN.replaceFirst("1", "9").getBytes(StandardCharsets.UTF_8)));

        // Then
        assertTrue(refusal.getMessage().contains("expected waits of format 1, but was 9"), refusal.getMessage());
        assertThrows(SerializationException.class, () -> WaitsCodec.read(new byte[]{1}));
    }
}
