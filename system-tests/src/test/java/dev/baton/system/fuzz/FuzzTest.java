package dev.baton.system.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.EmbeddedBroker;
import dev.baton.system.support.Patience;
import dev.baton.system.support.StandaloneProcess;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Issue "The whole wire": requests that are wrong in every way a seed can think of get documented answers, leave no
 * thread behind and nothing of their contents in the log. {@code -Dbaton.fuzz.seed} repeats a run,
 * {@code -Dbaton.fuzz.requests} makes it longer.
 */
class FuzzTest {
    private static final int CONNECTIONS = 12;
    private static final int WARM_UP = 300;
    private static final List<String> SUSPICIOUS = List.of(Ground.MARK, BatonClient.SECRET_KEY, "eyJ", "unhandled",
            "append session failed", "must be restarted");
    private static final int SHOWN_MAX = 20;
    /** One request in so many is an append session. */
    private static final int SESSIONS_SHARE = 10;
    /** Threads that pools may have added since the level before was taken. */
    private static final int THREADS_MORE_MAX = 12;

    @Test
    @DisplayName("issue, The whole wire: fuzzed requests get only documented statuses; no leaked thread, no content in the log")
    void fuzzedRequestsGetDocumentedAnswers() throws Exception {
        long seed = Long.getLong("baton.fuzz.seed", System.nanoTime());
        int requests = Integer.getInteger("baton.fuzz.requests", 20_000);
        System.out.println("FUZZ: seed " + seed + ", " + requests + " requests");
        try (StandaloneProcess standalone = StandaloneProcess.start(new EmbeddedBroker())) {
            // Given
            BatonClient baton = standalone.client();
            Ground ground = Ground.create(baton);
            fuzz(standalone, ground, seed - 1, WARM_UP);
            Residue before = Residue.of(standalone);

            // When
            long startedAt = System.nanoTime();
            List<String> complaints = fuzz(standalone, ground, seed, requests);
            System.out.println("FUZZ: took " + (System.nanoTime() - startedAt) / 1_000_000 + " ms");

            // Then
            assertEquals(List.of(), complaints, "seed " + seed + ":\n" + String.join("\n", complaints));
            assertEquals(1, shortChat(baton).turns(1).getFirst().messagesSeen());
            await().atMost(Patience.TURN).untilAsserted(() -> assertEquals("",
                    Residue.of(standalone).complaint(before, THREADS_MORE_MAX)));
            assertEquals(List.of(), suspicious(standalone), "log lines, seed " + seed);
        }
    }

    /** Its run leaves soon: while it idles it reads a stream, which would count as left behind. */
    private static Chat shortChat(BatonClient baton) {
        String chatId = Chat.newChatId();
        ObjectNode body = Chat.createBody(chatId, "still there?");
        ((ObjectNode) body.path("triggerConfig")).put("idleTimeoutInSeconds", 1);
        return Chat.start(baton, chatId, body);
    }

    private static List<String> fuzz(StandaloneProcess standalone, Ground ground, long seed, int requests)
            throws InterruptedException {
        int sessions = requests / SESSIONS_SHARE;
        List<RequestFuzz> connections = new ArrayList<>();
        List<FrameFuzz> streams = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            connections.add(new RequestFuzz(standalone.url(), seed * CONNECTIONS + i,
                    Math.ceilDiv(requests - sessions, CONNECTIONS), ground));
            streams.add(new FrameFuzz(standalone.url(), seed * CONNECTIONS + i, sessions / CONNECTIONS, ground));
            threads.add(Thread.ofPlatform().name("fuzz-" + i).start(connections.getLast()));
            threads.add(Thread.ofPlatform().name("fuzz-frames-" + i).start(streams.getLast()));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Map<Integer, Integer> seen = new TreeMap<>();
        connections.forEach(each -> each.seen.forEach((status, count) -> seen.merge(status, count, Integer::sum)));
        System.out.println("FUZZ: answers by status " + seen);
        return Stream.concat(connections.stream().flatMap(each -> each.complaints.stream()),
                streams.stream().flatMap(each -> each.complaints.stream())).toList();
    }

    /** Lines that show contents, tokens or secrets, and lines that speak of a failure nobody has thought of. */
    private static List<String> suspicious(StandaloneProcess standalone) throws IOException {
        return Files.readAllLines(standalone.log()).stream()
                .filter(line -> SUSPICIOUS.stream().anyMatch(line::contains)).limit(SHOWN_MAX).toList();
    }
}
