package dev.baton.agent.session;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SseReaderTest {
    private static final String BATCH = "event: batch\nid: 5\ndata: {\"records\":["
            + "{\"seq_num\":4,\"timestamp\":1,\"body\":\"{\\\"data\\\":\\\"{\\\\\\\"kind\\\\\\\":\\\\\\\"stop\\\\\\\"}\\\",\\\"id\\\":\\\"p1\\\"}\"},"
            + "{\"seq_num\":5,\"timestamp\":2,\"headers\":[[\"trigger-control\",\"turn-complete\"]],\"body\":\"\"}]}\n\n";

    private static SseReader reader(String text) {
        return new SseReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aBatchGivesItsRecordsWithDataParsedFromTheString() throws IOException {
        // Given
        SseReader reader = reader(BATCH);

        // When
        SseFrame.Batch batch = assertInstanceOf(SseFrame.Batch.class, reader.next().orElseThrow());

        // Then
        assertEquals(4, batch.records().get(0).seq());
        assertEquals("p1", batch.records().get(0).id());
        assertEquals("stop", batch.records().get(0).data().path("kind").asText());
        assertTrue(batch.records().get(1).isControl("turn-complete"));
        assertTrue(batch.records().get(1).data().isMissingNode());
    }

    @Test
    void dataWrittenAsAnObjectIsReadLikeDataWrittenAsAString() throws IOException {
        // Given
        SseReader reader = reader("event: batch\ndata: {\"records\":[{\"seq_num\":0,\"body\":"
                + "\"{\\\"data\\\":{\\\"kind\\\":\\\"stop\\\"},\\\"id\\\":\\\"a\\\"}\"}]}\n\n");

        // When
        SseFrame.Batch batch = assertInstanceOf(SseFrame.Batch.class, reader.next().orElseThrow());

        // Then
        assertEquals("stop", batch.records().getFirst().data().path("kind").asText());
    }

    @Test
    void pingsErrorsAndTheEndAreToldApartWithEitherLineEnd() throws IOException {
        // Given
        SseReader reader = reader(": comment\r\nevent: ping\r\ndata: {\"timestamp\":1}\r\n\r\n"
                + "event: news\ndata: {}\n\nevent: error\ndata: broken pipe\n\ndata: [DONE]\n\n");

        // When / Then
        assertInstanceOf(SseFrame.Ping.class, reader.next().orElseThrow());
        assertEquals(new SseFrame.Broken("broken pipe"), reader.next().orElseThrow());
        assertInstanceOf(SseFrame.Done.class, reader.next().orElseThrow());
        assertEquals(Optional.empty(), reader.next());
    }

    @Test
    void aFrameThatIsCutOffAnywhereIsDropped() throws IOException {
        for (int cut = 0; cut < BATCH.length() - 1; cut++) {
            // Given
            SseReader reader = reader(BATCH.substring(0, cut));

            // When
            Optional<SseFrame> frame = reader.next();

            // Then
            assertEquals(Optional.empty(), frame, "cut at " + cut);
        }
    }

    @Test
    void anUnreadableBodyCountsAsARecordWithoutData() throws IOException {
        // Given
        SseReader reader = reader("event: batch\ndata: {\"records\":[{\"seq_num\":7,\"body\":\"not json\"}]}\n\n");

        // When
        SseFrame.Batch batch = assertInstanceOf(SseFrame.Batch.class, reader.next().orElseThrow());

        // Then
        assertEquals(7, batch.records().getFirst().seq());
        assertTrue(batch.records().getFirst().data().isMissingNode());
    }

    @Test
    void aBatchThatIsNoJsonBreaksTheConnection() {
        // Given
        SseReader reader = reader("event: batch\ndata: {\"records\":[{\"seq_num\":\n\n");

        // When / Then
        assertThrows(IOException.class, reader::next);
    }
}
