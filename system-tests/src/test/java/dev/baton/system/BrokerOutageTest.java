package dev.baton.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.AppendStream;
import dev.baton.system.support.AppendStreams;
import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.PausableBroker;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.StandaloneProcess;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A broker that stands still (issue, The whole wire, item 6): every request is answered soon, and then all goes on. */
class BrokerOutageTest {
    /** Records of a batch that would each wait for the broker if nobody stopped at the first. */
    private static final int BATCH = 200;

    /** An answer and how long it took. */
    private record Timed(HttpAnswer answer, Duration took) {}

    private record Write(String path, String url, String token) {
        static Write init(Chat chat) {
            HttpAnswer init = chat.baton().put(chat.channelPath("out", "")).expect(202);
            String url = init.header("X-S2-Endpoint").orElseThrow() + "/streams/"
                    + init.header("X-S2-Stream-Name").orElseThrow() + "/records";
            return new Write(url.substring(chat.baton().url().toString().length()), url,
                    init.header("X-S2-Access-Token").orElseThrow());
        }

        HttpAnswer batch(Chat chat, int records) {
            String record = "{\"body\":\"{\\\"data\\\":{\\\"type\\\":\\\"data-note\\\"},\\\"id\\\":\\\"n\\\"}\"}";
            return chat.baton().as(token).post(path,
                    "{\"records\":[" + record + ("," + record).repeat(records - 1) + "]}");
        }
    }

    @Test
    @DisplayName("issue, The whole wire, item 6: a broker that stands still gives 503 with Retry-After, no hang, no loss")
    void aBrokerThatStandsStillGives503AndLosesNothing() throws Exception {
        try (PausableBroker broker = PausableBroker.start();
                StandaloneProcess standalone = StandaloneProcess.start(broker)) {
            // Given
            Chat chat = Chat.startWith(standalone.client(), "one");
            chat.turns(1);
            Write write = Write.init(chat);
            long before = write.batch(chat, 1).expect(200).json().path("end").path("seq_num").longValue();
            try (SseConnection open = chat.out();
                    AppendStreams connection = AppendStreams.connect(standalone.url())) {
                open.awaitTurns(1, Patience.TURN);
                AppendStream session = connection.open(write.url(), write.token());
                assertEquals(200, session.status());

                // When
                broker.pause();
                session.send("{\"data\":{\"type\":\"data-late\"},\"id\":\"late\"}");
                Map<String, Timed> answers = answersWhilePaused(chat, write);

                // Then
                answers.forEach(BrokerOutageTest::assertUnavailableSoon);
                assertEquals(503, session.await(1).getFirst().status());
                session.awaitEnd();
                chat.baton().get(chat.sessionPath("")).expect(200);

                // When
                broker.resume();

                // Then
                assertGoesOn(chat, write, before, open);
            }
        }
    }

    /** All of them at once: it takes as long as the slowest. */
    private static Map<String, Timed> answersWhilePaused(Chat chat, Write write) throws Exception {
        Map<String, Callable<HttpAnswer>> requests = new LinkedHashMap<>();
        requests.put("append to in", () -> chat.tryAppend("two", "X-Part-Id", "part-two"));
        requests.put("append to out", () -> chat.baton().post(chat.channelPath("out", "/append"), "x"));
        requests.put("create", () -> chat.baton().post("/api/v1/sessions",
                Chat.createBody(Chat.newChatId(), null).toString()));
        requests.put("batch of one", () -> write.batch(chat, 1));
        requests.put("large batch", () -> write.batch(chat, BATCH));
        requests.put("close", () -> chat.baton().post(BatonClient.session(chat.sessionId(), "/end-and-continue"),
                "{\"callingRunId\":\"run_nobody\",\"reason\":\"upgrade\"}"));
        requests.put("list", () -> chat.baton().get("/api/v1/sessions"));
        requests.put("retrieve of an unknown one", () -> chat.baton().get(BatonClient.session(Chat.newChatId(), "")));
        requests.put("records", () -> chat.baton().get(chat.channelPath("out", "/records")));
        requests.put("stream from the beginning", () -> chat.baton().get(chat.channelPath("out", "")));
        requests.put("stream from the end",
                () -> chat.baton().get(chat.channelPath("out", ""), "X-Trigger-Stream-Start", "latest"));
        requests.put("peek", () -> chat.baton().get(chat.channelPath("out", ""), "X-Peek-Settled", "1"));
        requests.put("heartbeat of a worker", () -> chat.baton().post("/api/v1/workers/heartbeat",
                "{\"workerId\":\"w\",\"task\":\"t\",\"version\":\"v\",\"runs\":[]}"));
        Map<String, Future<Timed>> pending = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            requests.forEach((what, request) -> pending.put(what, threads.submit(() -> timed(request))));
        }
        Map<String, Timed> answers = new LinkedHashMap<>();
        for (Map.Entry<String, Future<Timed>> each : pending.entrySet()) {
            answers.put(each.getKey(), each.getValue().get());
        }
        return answers;
    }

    private static Timed timed(Callable<HttpAnswer> request) throws Exception {
        long startedAt = System.nanoTime();
        HttpAnswer answer = request.call();
        return new Timed(answer, Duration.ofNanos(System.nanoTime() - startedAt));
    }

    private static void assertUnavailableSoon(String what, Timed timed) {
        assertEquals(503, timed.answer().status(), what + ": " + timed.answer());
        assertEquals("1", timed.answer().header("Retry-After").orElse("none"), what);
        assertTrue(timed.took().compareTo(Patience.SOON) < 0, what + " took " + timed.took());
    }

    private static void assertGoesOn(Chat chat, Write write, long before, SseConnection open) {
        await().atMost(Patience.TURN).until(() -> chat.tryAppend("two", "X-Part-Id", "part-two").status() == 200);
        open.awaitTurns(2, Patience.TURN);
        assertEquals(1, parts(chat).stream().filter("part-two"::equals).count(), "the repeat is the same record");
        await().atMost(Patience.TURN).until(() -> write.batch(chat, 1).status() == 200);
        List<Long> seqs = new ArrayList<>();
        chat.recordsNow("out").forEach(record -> seqs.add(record.path("seqNum").longValue()));
        assertTrue(seqs.contains(before - 1), "what was acknowledged before is there: " + seqs);
        assertEquals(seqs.stream().sorted().distinct().toList(), seqs);
        assertEquals(2, chat.turns(2).getLast().messagesSeen());
    }

    private static List<String> parts(Chat chat) {
        List<String> parts = new ArrayList<>();
        chat.recordsNow("in").forEach(record -> parts.add(record.path("id").asText()));
        return parts;
    }
}
