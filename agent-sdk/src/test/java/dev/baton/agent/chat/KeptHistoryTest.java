package dev.baton.agent.chat;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.baton.agent.AgentRun;
import dev.baton.agent.fake.FakeBaton;
import dev.baton.agent.http.HttpCalls;
import dev.baton.agent.session.SessionClient;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.worker.DequeuedRun;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What an agent says and asks about the history of its session (PROTOCOL 2.23, 2.26). */
@Timeout(20)
class KeptHistoryTest {
    private static final ChatAgent<?> HYDRATING = ChatAgent.builder("keeper")
            .hydrateMessages(event -> event.incoming().stream().toList()).run(turn -> turn.answer().text("yes"))
            .build();
    private static final ChatAgent<?> PLAIN = ChatAgent.builder("plain").run(turn -> turn.answer().text("yes")).build();

    private final FakeBaton baton = new FakeBaton();
    private final HttpCalls calls = new HttpCalls();

    @AfterEach
    void close() {
        calls.close();
        baton.close();
    }

    private List<String> historyCallsOf(ChatAgent<?> agent, DequeuedRun assignment) throws InterruptedException {
        agent.run(new AgentRun(assignment, new SessionClient(calls, assignment)));
        return List.copyOf(baton.historyCalls);
    }

    @Test
    @DisplayName("PROTOCOL 2.26: an agent with hydrateMessages says that it keeps the history, in its first run already")
    void aHydratingAgentSaysSoAtOnce() throws Exception {
        // When
        List<String> asked = historyCallsOf(HYDRATING,
                baton.firstRun("{\"trigger\":\"preload\",\"chatId\":\"chat-1\",\"idleTimeoutInSeconds\":0}"));

        // Then
        assertEquals(List.of("keep-history"), asked);
    }

    @Test
    @DisplayName("PROTOCOL 2.23: a later run of it boots without messages")
    void aHydratingAgentBootsWithoutMessages() throws Exception {
        // When
        List<String> asked = historyCallsOf(HYDRATING, baton.laterRun(2, RunReason.CONTINUATION));

        // Then
        assertEquals(List.of("keep-history", "boot?history=none"), asked);
    }

    @Test
    void anyOtherAgentBootsWithTheWholeHistory() throws Exception {
        // When
        List<String> asked = historyCallsOf(PLAIN, baton.laterRun(2, RunReason.CONTINUATION));

        // Then
        assertEquals(List.of("boot"), asked);
    }
}
