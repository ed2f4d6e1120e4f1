package dev.baton.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.cluster.WorkerProcess;
import dev.baton.system.support.Audit;
import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.EmbeddedBroker;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.system.support.StreamRecord;
import dev.baton.system.support.Turn;
import dev.baton.wire.json.WireJson;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Workers that are killed with -9 while many conversations go on (issue 6, "It must show"). {@code -Dbaton.killed.conversations=500}
 * is the long form.
 */
class KilledUnderLoadTest {
    private static final int CONVERSATIONS = Integer.getInteger("baton.killed.conversations", 60);
    private static final int KILLS = Integer.getInteger("baton.kills", 2);
    private static final int MESSAGES = 4;
    private static final int BEGINNERS_MAX = 32;
    /** Of a message and the one behind it: a run finds both kinds of work when it takes over. */
    private static final int UNANSWERED_MAX = 2;
    /** One second of answer, so that a kill finds some half written. */
    private static final int COUNT_TO = 20;
    private static final int IDLE_SECONDS = 3_600;
    private static final String STREAM_SECONDS = "600";
    /** A takeover for each kill, and work for two cores. */
    private static final Duration UNTIL_ALL_IS_ANSWERED = Patience.TAKEOVER.plus(Patience.TURN.multipliedBy(KILLS))
            .plusMillis(300L * CONVERSATIONS);

    /** A user message and the one answer that it must have. */
    private record Said(String messageId, String text, String answer) {}

    /** One conversation: what was said, and what its one open stream has told. */
    private record Talk(Chat chat, List<Said> said, List<StreamRecord> told) {}

    @Test
    @DisplayName("issue 6: workers killed with -9 under load: every message is answered exactly once, in order, and histories are whole")
    void everyMessageIsAnsweredExactlyOnce() throws Exception {
        try (StandaloneProcess standalone = StandaloneProcess.startWithoutDemo(new EmbeddedBroker(), "-Xmx1g");
                Workers workers = new Workers(standalone.url().toString());
                ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            AtomicInteger answered = new AtomicInteger();
            CountDownLatch live = new CountDownLatch(CONVERSATIONS);
            Semaphore beginners = new Semaphore(BEGINNERS_MAX);
            try {
                List<Future<Talk>> talks = IntStream.range(0, CONVERSATIONS).mapToObj(
                        n -> people.submit(() -> talk(standalone.client(), n, beginners, live, answered))).toList();
                awaitUnlessOneFails("all conversations have a run", talks, () -> live.getCount() == 0);

                // When
                for (int kill = 0; kill < KILLS; kill++) {
                    int due = CONVERSATIONS + CONVERSATIONS * (MESSAGES - 1) * (kill + 1) / (KILLS + 2);
                    awaitUnlessOneFails("load before a kill", talks, () -> answered.get() >= due);
                    workers.replace(kill);
                }

                // Then
                int crashed = 0;
                for (Future<Talk> each : talks) {
                    Talk talk = each.get();
                    assertToldOnceAndInOrder(talk);
                    assertWholeHistory(talk);
                    HandOverContract.assertChained(talk.chat());
                    crashed += crashedRuns(talk.chat());
                }
                System.out.printf(
                        "%,d conversations, %d workers killed: %,d runs taken over, %,d messages answered once%n",
                        CONVERSATIONS, KILLS, crashed, answered.get());
                assertEquals(CONVERSATIONS * MESSAGES, answered.get());
                assertTrue(crashed >= CONVERSATIONS / 4, "only " + crashed + " runs were hit");
            } finally {
                // Who waits for somebody that has failed.
                people.shutdownNow();
            }
            Audit.assertFindsNothing(List.of("--data", standalone.data().toString()), Map.of());
        }
    }

    private static void awaitUnlessOneFails(String what, List<Future<Talk>> talks, BooleanSupplier condition) {
        await(what).atMost(UNTIL_ALL_IS_ANSWERED).until(() -> {
            for (Future<Talk> talk : talks) {
                if (talk.state() == Future.State.FAILED) {
                    throw new AssertionError("a conversation failed", talk.exceptionNow());
                }
            }
            return condition.getAsBoolean();
        });
    }

    /** Two of them; one that is killed is replaced at once. */
    private static final class Workers implements AutoCloseable {
        private final String url;
        private final List<WorkerProcess> running = new ArrayList<>();
        private int started;

        Workers(String url) {
            this.url = url;
            running.add(next());
            running.add(next());
        }

        private WorkerProcess next() {
            started++;
            return WorkerProcess.start(started, url);
        }

        void replace(int number) {
            int place = number % running.size();
            running.get(place).process().kill();
            running.set(place, next());
        }

        @Override
        public void close() {
            running.forEach(WorkerProcess::close);
        }
    }

    /** Has its first answer, and then speaks when all have theirs. */
    private static Talk talk(BatonClient baton, int number, Semaphore beginners, CountDownLatch live,
            AtomicInteger answered) throws InterruptedException {
        List<Said> said = new ArrayList<>();
        String chatId = Chat.newChatId();
        ObjectNode create = Chat.createBody(chatId, text(number, 0));
        create.withObject("/triggerConfig").put("idleTimeoutInSeconds", IDLE_SECONDS);
        said.add(said(create.at("/triggerConfig/basePayload/message"), 1));
        beginners.acquire();
        Chat chat = new Chat(baton, chatId,
                untilTaken(() -> baton.post("/api/v1/sessions", create.toString())).json());
        try (SseConnection out = baton.stream(chat.channelPath("out", ""), "Timeout-Seconds",
                STREAM_SECONDS)) {
            awaitTurns(out, 1, answered);
            beginners.release();
            live.countDown();
            live.await();
            for (int n = 1; n < MESSAGES; n++) {
                String body = Chat.messageBody(chatId, text(number, n));
                said.add(said(WireJson.readTree(body).at("/payload/message"), n + 1));
                String partId = chatId + "-" + n;
                untilTaken(() -> baton.post(chat.channelPath("in", "/append"), body, "X-Part-Id", partId));
                if (n >= UNANSWERED_MAX) {
                    awaitTurns(out, n + 2 - UNANSWERED_MAX, answered);
                }
            }
            List<StreamRecord> told = awaitTurns(out, MESSAGES, answered);
            return new Talk(chat, said, told);
        }
    }

    /** One record, however often it takes: a server that has too much to do says when to come back. */
    private static HttpAnswer untilTaken(Callable<HttpAnswer> call) {
        return await("taken").atMost(UNTIL_ALL_IS_ANSWERED).until(call, answer -> {
            boolean comeBack = answer.status() == 503 && answer.header("Retry-After").isPresent();
            assertTrue(comeBack || answer.status() == 200 || answer.status() == 201, answer::toString);
            return !comeBack;
        });
    }

    private static List<StreamRecord> awaitTurns(SseConnection out, int turns, AtomicInteger answered) {
        List<StreamRecord> told = out.awaitTurns(turns, UNTIL_ALL_IS_ANSWERED);
        answered.incrementAndGet();
        return told;
    }

    private static String text(int conversation, int message) {
        return (conversation + message) % 3 == 0
                ? "/slow " + COUNT_TO
                : "message " + message + " of conversation " + conversation + " with some words";
    }

    private static Said said(JsonNode message, int count) {
        String text = message.at("/parts/0/text").asText();
        String repeated = text.startsWith("/slow")
                ? IntStream.rangeClosed(1, COUNT_TO).mapToObj(Integer::toString).collect(Collectors.joining(" "))
                : "You said: " + text;
        return new Said(message.path("id").asText(), text,
                repeated + ". That is user message " + count + " of this conversation.");
    }

    /** On the stream that was open all the time, and on one that reads it all afterwards. */
    private static void assertToldOnceAndInOrder(Talk talk) {
        List<String> expected = talk.said().stream().map(Said::answer).toList();
        assertEquals(expected, Turn.of(talk.told()).stream().map(Turn::text).toList(), talk.chat().chatId());
        try (SseConnection again = talk.chat().out()) {
            List<StreamRecord> all = again.awaitTurns(MESSAGES, Patience.TURN);
            assertEquals(talk.told(), all.subList(0, talk.told().size()), talk.chat().chatId());
        }
        long turnCompletes = talk.chat().recordsNow("out").valueStream()
                .filter(record -> record.path("headers").toString().contains("turn-complete")).count();
        assertEquals(MESSAGES, turnCompletes, talk.chat().chatId());
    }

    private static void assertWholeHistory(Talk talk) {
        List<String> expected = talk.said().stream()
                .flatMap(said -> List.of(said.messageId() + ": " + said.text(), "assistant: " + said.answer()).stream())
                .toList();
        JsonNode messages = talk.chat().baton().get(talk.chat().sessionPath("/transcript")).expect(200).json()
                .path("messages");
        assertEquals(expected, messages.valueStream().map(KilledUnderLoadTest::line).toList(), talk.chat().chatId());
    }

    private static String line(JsonNode message) {
        String role = message.path("role").asText();
        return (role.equals("user") ? message.path("id").asText() : role) + ": "
                + message.path("parts").valueStream().map(part -> part.path("text").asText())
                        .collect(Collectors.joining());
    }

    private static int crashedRuns(Chat chat) {
        return (int) chat.runs().stream().filter(run -> run.path("outcome").asText().equals("crashed")).count();
    }
}
