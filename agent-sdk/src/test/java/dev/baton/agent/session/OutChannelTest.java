package dev.baton.agent.session;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.baton.agent.fake.FakeBaton;
import dev.baton.agent.fake.FakeBaton.AppendFate;
import dev.baton.agent.http.HttpCalls;
import dev.baton.agent.http.SupersededException;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.json.WireJson;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

@Timeout(20)
class OutChannelTest {
    private final FakeBaton baton = new FakeBaton();
    private final HttpCalls calls = new HttpCalls();
    private final OutChannel out = new OutChannel(calls, new SessionClient(calls, baton.firstRun("{}")),
            SessionClient.FROM_START, Duration.ofMillis(10));

    @AfterEach
    void close() {
        calls.close();
        baton.close();
    }

    private static List<OutgoingRecord> chunks(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> OutgoingRecord.ofChunk(WireJson.MAPPER.createObjectNode().put("n", i))).toList();
    }

    private static List<OutgoingRecord> turnComplete(String inSeq) {
        return List.of(OutgoingRecord.ofControl(ChannelRecord.control(ChannelRecord.TURN_COMPLETE,
                new ProtocolHeader(ChannelRecord.SESSION_IN_EVENT_ID, inSeq))));
    }

    private List<Integer> numbers() {
        return baton.session.chunks().stream().map(chunk -> chunk.path("n").asInt()).toList();
    }

    @Test
    void oneInitServesManyAppends() throws InterruptedException {
        // When
        out.append(chunks(0, 2));
        out.append(chunks(2, 4));

        // Then
        assertEquals(List.of(0, 1, 2, 3), numbers());
        assertEquals(1, baton.inits.get());
        assertEquals(List.of("Bearer token-1", "Bearer grant", "Bearer grant"), baton.bearers);
    }

    @Test
    void chunksAreStoredAsObjectsAndControlRecordsWithTheirHeaders() throws InterruptedException {
        // When
        out.append(chunks(0, 1));
        out.append(turnComplete("3"));

        // Then
        List<JsonNode> stored = baton.session.out();
        assertEquals(WireJson.readTree("{\"n\":0}"),
                WireJson.readTree(stored.get(0).path("body").asText()).path("data"));
        assertEquals(WireJson.readTree("[[\"trigger-control\",\"turn-complete\"],[\"session-in-event-id\",\"3\"]]"),
                stored.get(1).path("headers"));
    }

    @Test
    void aFailedAppendIsSentAgainAfterANewInit() throws InterruptedException {
        // Given
        baton.fates.addAll(List.of(AppendFate.LOST, AppendFate.LOST));

        // When
        out.append(chunks(0, 2));

        // Then
        assertEquals(List.of(0, 1), numbers());
        assertEquals(3, baton.inits.get());
    }

    @ParameterizedTest
    @EnumSource(names = {"STORED_BUT_ANSWER_LOST", "STORED_LATE"})
    void anAppendWhoseAnswerIsLostIsNotStoredTwiceAlsoIfItLandsBehindTheLookUp(AppendFate fate)
            throws InterruptedException {
        // Given
        out.append(chunks(0, 2));
        baton.fates.addAll(List.of(fate, AppendFate.STORED,
                fate));

        // When
        out.append(chunks(2, 4));
        out.append(chunks(4, 5));
        out.append(turnComplete("0"));

        // Then
        assertEquals(List.of(0, 1, 2, 3, 4), numbers());
        assertEquals(List.of("0"), baton.session.settled());
    }

    @Test
    void ofABatchThatIsStoredInPartTheRestIsSentAgain() throws InterruptedException {
        // Given
        baton.fates.addAll(List.of(AppendFate.STORED_IN_PART, AppendFate.LOST, AppendFate.STORED_IN_PART));

        // When
        long lastSeq = out.append(chunks(0, 4));

        // Then
        assertEquals(List.of(0, 1, 2, 3), numbers());
        assertEquals(baton.session.out().getLast().path("seq_num").asLong(), lastSeq);
    }

    @Test
    void aStaleGenerationIsNotTriedAgain() {
        // Given
        baton.fates.add(AppendFate.STALE);

        // When / Then
        assertThrows(SupersededException.class, () -> out.append(chunks(0, 1)));
        assertEquals(1, baton.appends.get());
    }
}
