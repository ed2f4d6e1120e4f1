package dev.baton.agent.session;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.fake.FakeBaton;
import dev.baton.agent.http.BackOff;
import dev.baton.agent.http.HttpCalls;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

@Timeout(20)
class InSubscriptionTest {
    private static final String STOP = "{\"kind\":\"stop\"}";

    private final FakeBaton baton = new FakeBaton();
    private final HttpCalls calls = new HttpCalls();
    private final List<Long> seqs = new CopyOnWriteArrayList<>();

    private InSubscription follow(long afterSeq) {
        String url = baton.url() + "/realtime/v1/sessions/" + FakeBaton.SESSION_ID + "/in";
        BackOff backOff = new BackOff(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(5));
        return InSubscription.start(calls, () -> HttpCalls.request(url, "token"), "run_1", afterSeq,
                record -> seqs.add(record.seq()), backOff);
    }

    @AfterEach
    void close() {
        calls.close();
        baton.close();
    }

    @Test
    void aBrokenConnectionIsResumedAfterTheLastRecordSoThatEachComesOnce() {
        try (InSubscription _ = follow(SessionClient.FROM_START)) {
            // Given
            baton.session.appendIn(STOP);
            baton.session.appendIn(STOP);
            await().until(() -> seqs.size() == 2);

            // When
            baton.breakStreams();
            await().until(() -> baton.inCursors.size() == 2);
            baton.session.appendIn(STOP);

            // Then
            await().until(() -> seqs.size() == 3);
            assertEquals(List.of(0L, 1L, 2L), seqs);
            assertEquals(List.of("null", "1"), baton.inCursors);
        }
    }

    @Test
    void aCursorIsSentWithTheFirstConnection() {
        // Given
        baton.session.appendIn(STOP);
        baton.session.appendIn(STOP);

        // When
        try (InSubscription _ = follow(0)) {
            await().until(() -> !seqs.isEmpty());
        }

        // Then
        assertEquals(List.of(1L), seqs);
        assertEquals("0", baton.inCursors.getFirst());
    }

    @Test
    void nothingIsReadAfterTheSubscriptionIsClosed() {
        // Given
        InSubscription subscription = follow(SessionClient.FROM_START);
        await().until(() -> !baton.inCursors.isEmpty());

        // When
        subscription.close();
        int connections = baton.inCursors.size();
        baton.breakStreams();
        baton.session.appendIn(STOP);

        // Then
        await().during(Duration.ofMillis(200)).until(seqs::isEmpty);
        assertEquals(connections, baton.inCursors.size());
    }
}
