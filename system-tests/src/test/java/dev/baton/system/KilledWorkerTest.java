package dev.baton.system;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.cluster.WorkerProcess;
import dev.baton.system.support.Chat;
import dev.baton.system.support.EmbeddedBroker;
import dev.baton.system.support.Patience;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.system.support.StreamRecord;
import dev.baton.system.support.Turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A worker process that is killed with -9 in the middle of an answer (issue, Ownership, "It must show"). */
class KilledWorkerTest {
    /** 10 s of answer. */
    private static final int LAST_NUMBER = 200;

    @Test
    @DisplayName("issue, Ownership: a worker is killed in mid-answer: within the lease and a second the successor writes on, the "
            + "open stream carries its answer, history is whole")
    void theSuccessorTakesOverWithinTheLeaseAndASecond() {
        try (StandaloneProcess standalone = StandaloneProcess.startWithoutDemo(new EmbeddedBroker());
                WorkerProcess killed = WorkerProcess.start(1, standalone.url().toString())) {
            // Given
            Chat chat = Chat.startWith(standalone.client(), "one");
            try (SseConnection out = chat.out();
                    WorkerProcess _ = WorkerProcess.start(2, standalone.url().toString())) {
                out.awaitTurns(1, Patience.TURN);
                chat.append("/slow " + LAST_NUMBER);
                int before = out.awaitRecords("the middle of the answer", Patience.TURN,
                        all -> textAfterFirstTurn(all).contains(" 20 ")).size();

                // When
                killed.process().kill();
                long killedAt = System.nanoTime();

                // Then
                int atKill = out.records().size();
                out.awaitRecords("the successor's first record", Patience.LEASE_AND_A_SECOND,
                        all -> all.size() > atKill);
                Duration took = Duration.ofNanos(System.nanoTime() - killedAt);
                System.out.println(
                        "killed in mid-answer, next record on the open stream after " + took.toMillis() + " ms");
                Turn answer = Turn.of(out.awaitTurns(2, Patience.TURN)).getLast();
                assertTrue(before > 0 && answer.records().size() > LAST_NUMBER, answer.text());
                assertEquals(counted(), answer.text());
                assertEquals(2, answer.messagesSeen());
            }
            assertSucceeded(chat);
        }
    }

    private static String textAfterFirstTurn(List<StreamRecord> all) {
        return all.stream().map(StreamRecord::textDelta).collect(Collectors.joining());
    }

    private static String counted() {
        return IntStream.rangeClosed(1, LAST_NUMBER).mapToObj(Integer::toString).collect(Collectors.joining(" "))
                + ". That is user message 2 of this conversation.";
    }

    private static void assertSucceeded(Chat chat) {
        HandOverContract.assertChained(chat);
        assertEquals(List.of(2, 1), chat.runs().stream().map(run -> run.path("generation").asInt()).toList());
        assertEquals("crashed", chat.runs().getLast().path("outcome").asText());
    }
}
