package dev.baton.system;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.ChildJvm;
import dev.baton.system.support.EmbeddedBroker;
import dev.baton.system.support.ManyChatsMain;
import dev.baton.system.support.ManyChatsMain.Cost;
import dev.baton.system.support.Patience;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.wire.json.WireJson;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What idle conversations cost a worker (issue 6 item 4). {@code -Dbaton.idle.conversations=10000} is the long form. */
class ManyChatsTest {
    private static final int SLOTS = 20_000;
    private static final int CONVERSATIONS = Integer.getInteger("baton.idle.conversations", 300);
    private static final int AT_ONCE = 32;
    private static final int IDLE_FOR_LONG_SECONDS = 3_600;
    /** So that 10,000 of them leave a GiB of heap a third for garbage. */
    private static final long HEAP_BYTES_MAX_EACH = 66 * 1_024;
    private static final long RSS_BYTES_MAX = 1_536L * 1_024 * 1_024;
    private static final int LETTING_GO = 150;

    private static StandaloneProcess standalone;

    @BeforeAll
    static void start() {
        // The server holds a stream for every run that idles.
        standalone = StandaloneProcess.startWithoutDemo(new EmbeddedBroker(), "-Xmx3g");
    }

    @AfterAll
    static void stop() {
        standalone.close();
    }

    @Test
    @DisplayName("issue 6: an idle conversation costs a worker no platform thread and little memory, and nothing after its idle window")
    void idleConversationsAreCheap() throws Exception {
        try (ChildJvm _ = startWorker()) {
            // Given
            BatonClient baton = standalone.client();
            converse(baton, AT_ONCE, 1);
            Chat probe = start(baton, ManyChatsMain.HOW_ARE_YOU, IDLE_FOR_LONG_SECONDS);
            Cost before = cost(probe, 1);

            // When
            converse(baton, CONVERSATIONS, IDLE_FOR_LONG_SECONDS);
            probe.append(ManyChatsMain.HOW_ARE_YOU);
            Cost idle = cost(probe, 2);

            // Then
            long heapEach = (idle.heapBytes() - before.heapBytes()) / CONVERSATIONS;
            System.out.printf(
                    "%,d idle conversations in one worker: %,d MiB RSS, before %,d MiB; %,d KiB of heap each; %s%n",
                    CONVERSATIONS, idle.rssBytes() >> 20, before.rssBytes() >> 20, heapEach >> 10, idle);
            assertTrue(idle.platformThreads() <= before.platformThreads() + 8, idle + " after " + before);
            assertTrue(heapEach <= HEAP_BYTES_MAX_EACH && idle.rssBytes() <= RSS_BYTES_MAX, idle + " after " + before);
        }
    }

    @Test
    @DisplayName("issue 6: after the idle window a run ends and its connection with it; the next message finds a successor")
    void anIdleRunLetsGoOfEverything() throws Exception {
        try (ChildJvm _ = startWorker()) {
            // Given
            BatonClient baton = standalone.client();
            Cost before = cost(start(baton, ManyChatsMain.HOW_ARE_YOU, 1), 1);
            List<Chat> chats = converse(baton, LETTING_GO, 1);

            // When
            chats.forEach(chat -> await().atMost(Patience.TURN)
                    .until(() -> chat.runs().getFirst().path("outcome").asText().equals("completed")));
            Chat next = chats.getFirst();
            next.append("again");

            // Then
            assertEquals("again ", next.turns(2).getLast().text());
            assertEquals(2, next.runs().getFirst().path("generation").asInt());
            Cost after = cost(start(baton, ManyChatsMain.HOW_ARE_YOU, 1), 1);
            assertTrue(after.openFiles() <= before.openFiles() + LETTING_GO / 2, after + " after " + before);
        }
    }

    private static ChildJvm startWorker() {
        ChildJvm worker = ChildJvm.start(List.of("-Xmx1g"), ManyChatsMain.class.getName(),
                List.of(standalone.url().toString(), Integer.toString(SLOTS)), Map.of(),
                StandaloneProcess.newFolder().resolve("worker.log"));
        worker.awaitLine(line -> line.startsWith("READY"), Patience.START);
        return worker;
    }

    /** So many conversations of one turn each, which idle when this returns. */
    private static List<Chat> converse(BatonClient baton, int count, int idleSeconds) throws Exception {
        Semaphore places = new Semaphore(AT_ONCE);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Chat>> begun = IntStream.range(0, count).mapToObj(n -> clients.submit(() -> {
                places.acquire();
                try {
                    Chat chat = start(baton, "hello " + n, idleSeconds);
                    assertEquals("hello " + n + " ", chat.turns(1).getFirst().text());
                    return chat;
                } finally {
                    places.release();
                }
            })).toList();
            List<Chat> chats = new ArrayList<>();
            for (Future<Chat> chat : begun) {
                chats.add(chat.get());
            }
            return chats;
        }
    }

    private static Chat start(BatonClient baton, String firstMessage, int idleSeconds) {
        String chatId = Chat.newChatId();
        ObjectNode body = Chat.createBody(chatId, firstMessage).put("taskIdentifier", ManyChatsMain.TASK);
        body.withObject("/triggerConfig").put("idleTimeoutInSeconds", idleSeconds);
        return Chat.start(baton, chatId, body);
    }

    private static Cost cost(Chat probe, int turn) throws Exception {
        return WireJson.MAPPER.readValue(probe.turns(turn).getLast().text(), Cost.class);
    }
}
