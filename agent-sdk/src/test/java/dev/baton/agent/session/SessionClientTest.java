package dev.baton.agent.session;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.fake.FakeBaton;
import dev.baton.agent.http.HttpCalls;
import dev.baton.wire.session.RunReason;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(20)
class SessionClientTest {
    private final FakeBaton baton = new FakeBaton();
    private final HttpCalls calls = new HttpCalls();

    @AfterEach
    void close() {
        calls.close();
        baton.close();
    }

    @Test
    @DisplayName("PROTOCOL 8.1: whether a chat has started is kept on a side channel, once, for all later runs")
    void theStartOfAChatIsMarkedOnceForAllRuns() throws Exception {
        // Given
        SessionClient first = new SessionClient(calls, baton.firstRun("{}"));
        SessionClient later = new SessionClient(calls, baton.laterRun(2, RunReason.CONTINUATION));
        boolean before = later.chatStarted();

        // When
        first.markChatStarted();
        first.markChatStarted();

        // Then
        assertFalse(before);
        assertTrue(later.chatStarted());
        assertEquals(1, baton.sideRecords.size());
        assertEquals(List.of("Bearer token-1", "Bearer token-2"), baton.bearers.stream().distinct().sorted().toList());
    }

    @Test
    @DisplayName("PROTOCOL 2.7: a run closes its session with the reason")
    void aRunClosesItsSession() throws Exception {
        // Given
        SessionClient session = new SessionClient(calls, baton.firstRun("{}"));

        // When
        session.close("all said");

        // Then
        assertEquals(List.of("{\"reason\":\"all said\"}"), baton.closes);
    }
}
