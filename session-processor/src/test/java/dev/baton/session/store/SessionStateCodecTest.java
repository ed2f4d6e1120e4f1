package dev.baton.session.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

import dev.baton.session.domain.SessionState;
import dev.baton.session.domain.Sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Stored sessions outlive releases: these bytes must stay readable for ever. */
class SessionStateCodecTest {
    private static final String REQUESTED = golden("requested");
    private static final String CLOSED = golden("closed");
    private static final String DELETED = golden("deleted");

    @Test
    void aRequestedSessionHasItsGoldenBytes() {
        // Given
        SessionState.Known state = (SessionState.Known) Sessions.after(SessionState.ABSENT,
                Sessions.create(Sessions.FIRST_MESSAGE));

        // When
        String bytes = new String(SessionStateCodec.write(state), StandardCharsets.UTF_8);

        // Then
        assertEquals(REQUESTED, bytes);
        assertEquals(state, SessionStateCodec.read(bytes.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aClosedSessionHasItsGoldenBytes() {
        // Given
        SessionState.Known state = Sessions.closed();

        // When
        String bytes = new String(SessionStateCodec.write(state), StandardCharsets.UTF_8);

        // Then
        assertEquals(CLOSED, bytes);
        assertEquals(state, SessionStateCodec.read(bytes.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aDeletedSessionHasItsGoldenBytesAndNothingThatAnybodyWrote() {
        // Given
        SessionState.Known state = Sessions.deleted();

        // When
        String bytes = new String(SessionStateCodec.write(state), StandardCharsets.UTF_8);

        // Then
        assertEquals(DELETED, bytes);
        assertEquals(state, SessionStateCodec.read(bytes.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aFieldOfALaterReleaseIsIgnored() {
        // Given
        byte[] later = (CLOSED.substring(0, CLOSED.length() - 1) + ",\"later\":1}").getBytes(StandardCharsets.UTF_8);

        // When
        SessionState state = SessionStateCodec.read(later);

        // Then
        assertEquals(Sessions.closed(), state);
    }

    @Test
    void anUnknownFormatIsRefusedAndSaysWhatToDo() {
        // Given
        byte[] unknown = CLOSED.replaceFirst("\"v\":1", "\"v\":2").getBytes(StandardCharsets.UTF_8);

        // When
        SerializationException refusal = assertThrows(SerializationException.class,
                () -> SessionStateCodec.read(unknown));

        // Then
        assertTrue(refusal.getMessage().startsWith("expected a session state of format 1, but was 2"));
    }

    private static String golden(String name) {
        try (InputStream file = SessionStateCodecTest.class.getResourceAsStream(
                "/golden/stored-session-v1-" + name + ".json")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
