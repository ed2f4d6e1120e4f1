package dev.baton.wire;

import org.junit.jupiter.api.Test;

import dev.baton.wire.channel.Channel;
import dev.baton.wire.session.SessionKey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NamesTest {
    @Test
    void aSessionKeyKeepsSlashesAndColonsOfTheChatId() {
        // Given
        SessionKey key = new SessionKey("env_dev", "user/1:a b");

        // When
        String text = Names.sessionKey(key);

        // Then
        assertEquals("env_dev/user/1:a b", text);
        assertEquals(key, Names.parseSessionKey(text));
    }

    @Test
    void aTextWithoutEnvironmentIsNoSessionKey() {
        // Given, When, Then
        assertThrows(IllegalArgumentException.class, () -> Names.parseSessionKey("chat-1"));
        assertThrows(IllegalArgumentException.class, () -> Names.parseSessionKey("/chat-1"));
        assertThrows(IllegalArgumentException.class, () -> Names.parseSessionKey("env_dev/"));
    }

    @Test
    void aRunIdIsTheSameForTheSameGenerationAndAnotherForTheNext() {
        // Given
        String sessionId = "session_c00000000000000000000000a";

        // When
        String first = Names.runId(sessionId, 1);

        // Then
        assertEquals(first, Names.runId(sessionId, 1));
        assertNotEquals(first, Names.runId(sessionId, 2));
        assertTrue(first.matches("run_[0-9a-v]{26}"), first);
    }

    @Test
    void aProvenanceKeyBeginsWithItsSessionKey() {
        // Given
        SessionKey key = new SessionKey("env_dev", "user/1");

        // When
        String provenanceKey = Names.provenanceKey(key, "run_x");

        // Then
        assertEquals("env_dev/user/1/run_x", provenanceKey);
        assertEquals(key.toString(), Names.sessionKeyOf(provenanceKey));
    }

    @Test
    void theSnapshotObjectHasTheDocumentedKey() {
        // Given, When, Then: features #171
        assertEquals("packets/proj_local/dev/sessions/session_c1/snapshot.json",
                Names.snapshotObject("proj_local", "dev", "session_c1"));
    }

    @Test
    void aStreamNameIsOpaqueAndSlashFree() {
        // Given
        SessionKey key = new SessionKey("env_dev", "user/1?&");

        // When
        String name = Names.streamName(key, Channel.OUT);

        // Then
        assertTrue(name.matches("[A-Za-z0-9_-]+"), name);
        assertNotEquals(name, Names.streamName(key, Channel.IN));
    }

    @Test
    void onlyTheReservedPrefixMakesAFriendlyId() {
        // Given, When, Then: contract §0.9
        assertTrue(Names.isFriendlySessionId("session_abc"));
        assertFalse(Names.isFriendlySessionId("my-session_abc"));
    }
}
