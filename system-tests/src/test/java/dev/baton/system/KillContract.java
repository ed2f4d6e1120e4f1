package dev.baton.system;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Broker;
import dev.baton.system.support.Chat;
import dev.baton.system.support.ChildJvm;
import dev.baton.system.support.CreateLoad;
import dev.baton.system.support.OpenTransactions;
import dev.baton.system.support.Patience;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.system.support.StreamRecord;
import dev.baton.system.support.Turn;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * kill -9 of the whole process and a restart on the same data (issue 2 items 3 and 9, "It must show"; design D13). The
 * restart itself fails the test when it is not ready within 20 s.
 */
abstract class KillContract {
    private static final int KILLS = Integer.getInteger("baton.standalone.kills", 5);
    private static final int CREATES_BEFORE_A_KILL = 100;
    private static final int KILL_WITHIN_MS = 200;

    @Test
    @DisplayName("issue 2: killed between turns and inside a turn, nothing acknowledged is lost")
    void aKilledProcessComesBackWithEverything(Broker broker) {
        try (StandaloneProcess standalone = StandaloneProcess.start(broker)) {
            BatonClient baton = standalone.client();

            // Given
            Chat chat = Chat.startWith(baton, "one");
            Chat sleeper = Chat.startWith(baton, "/exit");
            chat.turns(1);
            sleeper.turns(1);

            killBetweenTurns(standalone, chat);
            killInsideATurn(standalone, chat);
            killAfterAcknowledgements(standalone, chat);

            // Then
            sleeper.append("good morning");
            assertEquals(2, sleeper.turns(2).getLast().messagesSeen());
            HandOverContract.assertChained(chat);
            HandOverContract.assertChained(sleeper);
            assertEquals(ChildJvm.TERMINATED, standalone.stop(Patience.STOP));
        }
    }

    /** With {@code -Dbaton.standalone.kills=N} more of them. One kill in five hits a commit whose markers are not all written. */
    @Test
    @DisplayName("issue 2, decision 0021: killed again and again in the middle of commits, no transaction is left hanging")
    void noKillLeavesATransactionHanging(Broker broker) {
        try (StandaloneProcess standalone = StandaloneProcess.startWithoutDemo(broker)) {
            Set<String> acknowledged = ConcurrentHashMap.newKeySet();
            for (int kill = 0; kill < KILLS; kill++) {
                // Given
                try (CreateLoad load = CreateLoad.on(standalone.client(), acknowledged)) {
                    load.awaitAnother(CREATES_BEFORE_A_KILL, Patience.TURN);

                    // When: at any moment, and not always just after an answer
                    CompletableFuture.runAsync(standalone::kill, CompletableFuture.delayedExecutor(
                            ThreadLocalRandom.current().nextInt(KILL_WITHIN_MS), TimeUnit.MILLISECONDS)).join();
                }
                standalone.restart();

                // Then
                await("after kill " + kill).atMost(Patience.SOON).untilAsserted(
                        () -> assertEquals(Set.of(), OpenTransactions.of(broker, standalone.data())));
            }
            acknowledged.forEach(chat -> standalone.client().get(BatonClient.session(chat, "")).expect(200));
        }
    }

    private static void killBetweenTurns(StandaloneProcess standalone, Chat chat) {
        // Given
        List<StreamRecord> before = chat.turns(1).getFirst().records();
        JsonNode row = chat.retrieve();

        // When
        standalone.kill();
        standalone.restart();

        // Then
        assertEquals(before, upTo(before.size(), chat));
        assertEquals(row.path("id"), chat.retrieve().path("id"));
        chat.append("two");
        assertEquals(2, chat.turns(2).getLast().messagesSeen());
    }

    private static void killInsideATurn(StandaloneProcess standalone, Chat chat) {
        // Given
        List<StreamRecord> seen;
        try (SseConnection out = chat.out()) {
            out.awaitTurns(2, Patience.TURN);
            int complete = out.records().size();
            chat.append("/slow 40");
            seen = out.awaitRecords("the middle of an answer", Patience.TURN,
                    all -> all.size() >= complete + 10);

            // When
            standalone.kill();
        }
        standalone.restart();

        // Then
        List<Turn> turns = chat.turns(3);
        assertEquals(3, turns.getLast().messagesSeen());
        List<StreamRecord> whole = turns.stream().flatMap(turn -> turn.records().stream()).toList();
        assertEquals(seen, whole.subList(0, seen.size()), "what was read before is still there, in place");
        assertNoGapAndNoDuplicate(whole, seen);
    }

    private static void killAfterAcknowledgements(StandaloneProcess standalone, Chat chat) {
        // Given
        int before = chat.recordsNow("in").size();
        List<Long> acknowledged = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            acknowledged.add(chat.append("quick " + i));
        }

        // When
        standalone.kill();
        standalone.restart();

        // Then
        JsonNode records = chat.recordsNow("in");
        List<Long> seqs = new ArrayList<>();
        records.forEach(record -> seqs.add(record.path("seqNum").asLong(-1)));
        for (int i = 0; i < seqs.size(); i++) {
            assertEquals(i, seqs.get(i), ".in is dense: " + seqs);
        }
        assertEquals(before + 5, seqs.size());
        assertEquals(acknowledged, seqs.subList(before, before + 5));
        await().atMost(Patience.TURN).untilAsserted(() -> assertEquals(8, lastAnswer(chat).messagesSeen()));
        assertEquals(9, answerTo(chat, "and now?").messagesSeen());
    }

    /** Seqs rise, ids are unique, and there is more than was seen before. */
    private static void assertNoGapAndNoDuplicate(List<StreamRecord> whole, List<StreamRecord> seen) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < whole.size(); i++) {
            assertTrue(i == 0 || whole.get(i - 1).seq() < whole.get(i).seq(), "seqs rise: " + whole);
            assertTrue(whole.get(i).id().isEmpty() || ids.add(whole.get(i).id()), "once: " + whole.get(i));
        }
        assertTrue(whole.size() > seen.size(), "the answer went on");
    }

    private static List<StreamRecord> upTo(int count, Chat chat) {
        try (SseConnection out = chat.out()) {
            return out.awaitRecords(count + " records", Patience.TURN, all -> all.size() >= count).subList(0,
                    count);
        }
    }

    private static Turn lastAnswer(Chat chat) {
        return settledTurns(chat).getLast();
    }

    /** All turns: a settled peek ends only when everything was delivered. */
    private static List<Turn> settledTurns(Chat chat) {
        try (SseConnection out = chat.baton().stream(chat.channelPath("out", ""), "X-Peek-Settled", "1",
                "Timeout-Seconds", "1")) {
            return Turn.of(out.awaitEnd(Patience.TURN));
        }
    }

    private static Turn answerTo(Chat chat, String text) {
        int before = settledTurns(chat).size();
        chat.append(text);
        try (SseConnection out = chat.out()) {
            return Turn.of(out.awaitTurns(before + 1, Patience.TURN)).getLast();
        }
    }
}
