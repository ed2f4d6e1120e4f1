package dev.baton.system;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.agent.Worker;
import dev.baton.agent.chat.ChatAgent;
import dev.baton.agent.chat.History;
import dev.baton.agent.chat.Turn;
import dev.baton.system.cluster.ServiceProcess;
import dev.baton.system.cluster.ServiceProcess.Service;
import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.EmbeddedBroker;
import dev.baton.system.support.Patience;
import dev.baton.system.support.PausableBroker;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.system.support.StreamRecord;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.service.Setting;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The ingress that an agent writes to is lost in the middle of an answer, for {@code -Dbaton.outage.seconds} (issue 6 item 5). The
 * worker keeps its gateway and the reader another ingress, both in a standalone; in the last test that one is lost as well.
 */
class LostServerTest {
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("baton.outage.seconds", 2));
    /** A single try is given up after 15 s, and the next one pauses for up to 2 s. */
    private static final Duration BACK = Patience.TURN.plus(OUTAGE);
    private static final int BEFORE = 50;
    /** What a run may be ahead of the server, docs/AGENTS.md: 4 MiB that wait and 1 MiB under way. */
    private static final int AHEAD_BYTES_MAX = 5 * 1_048_576;
    private static final int AHEAD_BYTES_MIN = 4 * 1_048_576;

    private final String task = "told-when-to-write-" + UUID.randomUUID();
    /** The model: one word for each permit. */
    private final Semaphore mayWrite = new Semaphore(0);
    private final AtomicInteger written = new AtomicInteger();
    private volatile Thread writer;
    /** Present before the first word. */
    private volatile int words;
    private volatile String padding = "";

    private static PausableBroker broker;
    private static ServiceProcess ingress;
    private static StandaloneProcess standalone;
    private Worker worker;

    @BeforeAll
    static void startBaton() {
        broker = PausableBroker.start();
        Map<String, String> storage = new HashMap<>(broker.environment());
        storage.put(Setting.OBJECT_STORE_BASE_URL.key(), "http://127.0.0.1:1");
        storage.put(Setting.OBJECT_STORE_ACCESS_KEY_ID.key(), "key");
        storage.put(Setting.OBJECT_STORE_SECRET_ACCESS_KEY.key(), "secret");
        ingress = ServiceProcess.notStarted(Service.INGRESS, 2, storage);
        Map<String, String> others = new HashMap<>(broker.environment());
        others.put(Setting.PUBLIC_URL.key(), ingress.url().toString());
        standalone = StandaloneProcess.startWithoutDemo(new EmbeddedBroker(others));
        ingress.start();
    }

    @AfterAll
    static void stopBaton() throws Exception {
        for (AutoCloseable each : Stream.of(ingress, standalone, broker).filter(Objects::nonNull).toList()) {
            each.close();
        }
    }

    @BeforeEach
    void startWorker() {
        worker = ChatAgent.builder(task).run(this::write).build()
                .worker(standalone.url().toString(), BatonClient.SECRET_KEY).version("v1").slots(2).build();
        worker.start();
    }

    @AfterEach
    void stopWorker() {
        worker.close();
    }

    /** A successor goes on behind what is there. */
    private void write(Turn<JsonNode> turn) throws InterruptedException {
        writer = Thread.currentThread();
        int there = turn.partial().map(History::text).map(text -> text.split(" ").length).orElse(0);
        for (int n = there; n < words; n++) {
            mayWrite.acquire();
            turn.answer().text(word(n));
            written.set(n + 1);
        }
    }

    private String word(int n) {
        return n + padding + " ";
    }

    @Test
    @DisplayName("issue 6: the server is killed in the middle of an answer and comes back: the model went on, nothing is lost, nothing told twice")
    void aServerThatIsKilledAndComesBack() {
        // Given
        words = 3_000;
        Chat chat = ask();
        try (SseConnection out = chat.out()) {
            answerHasBegun(out);

            // When
            ingress.process().kill();
            mayWrite.release(words - BEFORE);
            await("the model ends while the server is away").atMost(Patience.SOON).until(() -> written.get() == words);
            staysAway(out);
            ingress.start();

            // Then
            assertToldOnceAndInOrder(chat, out);
            assertEquals(1, chat.runs().size(), "the run has kept its session");
        }
    }

    @Test
    @DisplayName("issue 6: the server stands still in the middle of an answer: the model goes on up to the bound of the buffer, and what "
            + "it wrote is told once and in order when the server goes on")
    void aServerThatStandsStill() {
        // Given
        padding = "-".repeat(1_000);
        words = 8_000;
        Chat chat = ask();
        try (SseConnection out = chat.out()) {
            answerHasBegun(out);

            // When
            ingress.process().pause();
            mayWrite.release(words - BEFORE);
            await("the buffer is full").atMost(Patience.SOON)
                    .until(() -> aheadBytes() > AHEAD_BYTES_MIN && writer.getState() == Thread.State.WAITING);
            int ahead = aheadBytes();
            staysAway(out);
            ingress.process().resume();

            // Then
            assertToldOnceAndInOrder(chat, out);
            assertEquals(1, chat.runs().size(), "the run has kept its session");
            System.out.printf("the server stood still for %d s: the model went on for %,d KiB and then waited%n",
                    OUTAGE.toSeconds(), ahead >> 10);
            assertTrue(ahead <= AHEAD_BYTES_MAX, ahead + " bytes");
        }
    }

    @Test
    @DisplayName("issue 6: all of Baton stands still in the middle of an answer, gateway and leases too: whoever owns the session then "
            + "ends the answer, once and in order")
    void allOfBatonStandsStill() {
        // Given
        words = 3_000;
        Chat chat = ask();
        try (SseConnection out = chat.out()) {
            answerHasBegun(out);

            // When
            standalone.process().pause();
            ingress.process().pause();
            mayWrite.release(words - BEFORE);
            await("the model ends while Baton is away").atMost(Patience.SOON).until(() -> written.get() == words);
            staysAway(out);
            mayWrite.release(words);
            ingress.process().resume();
            standalone.process().resume();

            // Then
            assertToldOnceAndInOrder(chat, out);
            System.out.printf("all of Baton stood still for %d s: %d run(s) for the answer%n", OUTAGE.toSeconds(),
                    chat.runs().size());
        }
    }

    private Chat ask() {
        String chatId = Chat.newChatId();
        return Chat.start(standalone.client(), chatId,
                Chat.createBody(chatId, "write").put("taskIdentifier", task));
    }

    private void answerHasBegun(SseConnection out) {
        mayWrite.release(BEFORE);
        out.awaitRecords("the first words", Patience.TURN, all -> deltas(all) == BEFORE);
    }

    private static long deltas(List<StreamRecord> records) {
        return records.stream().filter(record -> !record.textDelta().isEmpty()).count();
    }

    private int aheadBytes() {
        return (written.get() - BEFORE) * padding.length();
    }

    /** As long as it is away readers are told nothing. */
    private static void staysAway(SseConnection out) {
        await().during(OUTAGE).atMost(OUTAGE.plus(Patience.SOON)).until(() -> deltas(out.records()) == BEFORE);
    }

    private void assertToldOnceAndInOrder(Chat chat, SseConnection open) {
        List<StreamRecord> told = open.awaitTurns(1, BACK);
        String whole = IntStream.range(0, words).mapToObj(this::word).collect(Collectors.joining());
        assertEquals(whole.length(), text(told).length());
        assertEquals(whole, text(told));
        assertEquals(whole, chat.turns(1).getFirst().text());
        JsonNode stored = chat.recordsNow("out");
        List<String> ids = stored.valueStream().map(record -> record.path("id").asText()).filter(id -> !id.isEmpty())
                .toList();
        assertEquals(ids.stream().distinct().toList(), ids);
        assertEquals(1, stored.valueStream().filter(LostServerTest::isTurnComplete).count());
    }

    private static String text(List<StreamRecord> records) {
        return records.stream().map(StreamRecord::textDelta).collect(Collectors.joining());
    }

    private static boolean isTurnComplete(JsonNode record) {
        return WireJson.text(record.path("headers")).contains("turn-complete");
    }
}
