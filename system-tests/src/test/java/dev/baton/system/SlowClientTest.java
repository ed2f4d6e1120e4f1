package dev.baton.system;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.support.AppendStream;
import dev.baton.system.support.AppendStreams;
import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.EmbeddedBroker;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.RawAnswer;
import dev.baton.system.support.RawHttp;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.wire.service.Setting;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Clients that take their time (issue, The whole wire, item 6; PROTOCOL 6.9), with short limits. */
class SlowClientTest {
    private static final Duration ARRIVAL_MAX = Duration.ofSeconds(2);
    private static final Duration IDLE_MAX = Duration.ofSeconds(6);
    private static final Duration DRIP_INTERVAL = Duration.ofMillis(200);
    /** What a test waits for an end that a limit brings. */
    private static final Duration PATIENCE = Patience.TURN;
    private static final int MANY = 300;
    private static final byte[] DRIP = {'x'};

    private static StandaloneProcess standalone;
    private static ScheduledExecutorService drips;

    @BeforeAll
    static void start() {
        standalone = StandaloneProcess.start(new EmbeddedBroker(
                Map.of(Setting.REQUEST_TIMEOUT_MS.key(), Long.toString(ARRIVAL_MAX.toMillis()),
                        Setting.IDLE_TIMEOUT_MS.key(), Long.toString(IDLE_MAX.toMillis()))));
        drips = Executors.newScheduledThreadPool(2);
    }

    @AfterAll
    static void stop() {
        drips.shutdownNow();
        standalone.close();
    }

    /** A connection that sends a beginning and then a byte now and then, until it breaks. */
    private static RawHttp dripping(String beginning) throws IOException {
        RawHttp raw = RawHttp.connect(standalone.url(), PATIENCE);
        raw.send(beginning);
        drips.scheduleAtFixedRate(() -> drip(raw), 0, DRIP_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return raw;
    }

    /** An exception ends the schedule. */
    private static void drip(RawHttp raw) {
        try {
            raw.send(DRIP);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String create(int length) {
        return "POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + BatonClient.SECRET_KEY
                + "\r\nContent-Length: " + length + "\r\n\r\n";
    }

    @Test
    @DisplayName("a request line, headers or an HTTP/2 preface that come byte after byte are cut off")
    void aHeadThatNeverEndsIsCutOff() throws IOException {
        // When
        List<RawHttp> slow = new ArrayList<>();
        for (String beginning : List.of("GET /", "GET / HTTP/1.1\r\nHost: x\r\nX-A: ",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /")) {
            slow.add(dripping(beginning));
        }

        // Then
        for (RawHttp raw : slow) {
            assertEnds(raw);
        }
    }

    private static void assertEnds(RawHttp raw) throws IOException {
        long startedAt = System.nanoTime();
        try {
            while (raw.read() >= 0) {
                continue;
            }
        } catch (java.net.SocketException _) {
            // A reset is an end too.
        } finally {
            raw.close();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - startedAt);
        assertTrue(took.compareTo(IDLE_MAX.plus(Patience.SOON)) < 0, "took " + took);
    }

    @Test
    @DisplayName("a body that comes byte after byte is 408, for sessions and for workers")
    void aBodyThatNeverEndsIsGivenUp() throws IOException {
        for (String beginning : List.of(create(10_000),
                create(10_000).replace("/api/v1/sessions", "/api/v1/workers/heartbeat"))) {
            // When
            try (RawHttp raw = dripping(beginning)) {
                RawAnswer answer = raw.answer(false);

                // Then
                assertEquals(408, answer.status());
                assertEquals("{\"error\":\"Request body took too long\"}", answer.body());
                assertEnds(raw);
            }
        }
    }

    @Test
    @DisplayName("a connection on which nothing comes, or nothing more after an answer, is closed")
    void aSilentConnectionIsClosed() throws IOException {
        // When
        List<RawHttp> silent = new ArrayList<>();
        for (String beginning : List.of("", "GET /hea", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", create(10))) {
            RawHttp raw = RawHttp.connect(standalone.url(), PATIENCE);
            raw.send(beginning);
            silent.add(raw);
        }

        // Then
        for (RawHttp raw : silent) {
            assertEnds(raw);
        }
    }

    @Test
    @DisplayName("hundreds of slow clients stop nobody else from being served")
    void manySlowClientsStopNobody() throws IOException {
        // Given
        List<RawHttp> slow = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                slow.add(dripping(i % 2 == 0 ? "GET /" : create(10_000)));
            }

            // When
            long startedAt = System.nanoTime();
            Chat chat = Chat.startWith(standalone.client(), "quick?");
            chat.turns(1);

            // Then
            Duration took = Duration.ofNanos(System.nanoTime() - startedAt);
            assertTrue(took.compareTo(Patience.SOON) < 0, "took " + took);
        } finally {
            slow.forEach(RawHttp::close);
        }
    }

    @Test
    @DisplayName("a stream and an append session that last longer than all limits are not touched")
    void streamsAndAppendSessionsGoOn() throws Exception {
        // Given
        Chat chat = Chat.startEmpty(standalone.client());
        HttpAnswer init = chat.baton().put(chat.channelPath("out", "")).expect(202);
        String url = init.header("X-S2-Endpoint").orElseThrow() + "/streams/"
                + init.header("X-S2-Stream-Name").orElseThrow() + "/records";
        try (SseConnection out = chat.out(); AppendStreams connection = AppendStreams.connect(standalone.url())) {
            AppendStream session = connection.open(url, init.header("X-S2-Access-Token").orElseThrow());
            AtomicInteger sent = new AtomicInteger();

            // When
            var sending = drips.scheduleAtFixedRate(
                    () -> session.send("{\"data\":1,\"id\":\"" + sent.incrementAndGet() + "\"}"), 0,
                    DRIP_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            int longer = (int) (3 * IDLE_MAX.toMillis() / 2 / DRIP_INTERVAL.toMillis());
            out.awaitRecords("records for longer than the limits", PATIENCE, records -> records.size() >= longer);
            sending.cancel(false);

            // Then
            assertFalse(session.ended());
            assertTrue(session.await(longer).stream().allMatch(answer -> answer.status() == 200));
        }
    }

    @Test
    @DisplayName("a reader that takes nothing any more is ended, and what it held is let go")
    void aReaderThatTakesNothingIsEnded() throws IOException {
        // Given
        Chat chat = Chat.startEmpty(standalone.client());
        String large = "x".repeat(1_000_000);
        try (RawHttp reader = RawHttp.connect(standalone.url(), PATIENCE)) {
            double before = openReaders();
            reader.send("GET " + chat.channelPath("out", "") + " HTTP/1.1\r\nHost: x\r\nTimeout-Seconds: 600\r\n"
                    + "Authorization: Bearer " + BatonClient.SECRET_KEY + "\r\n\r\n");
            assertEquals(200, reader.head().status());
            assertEquals(before + 1, openReaders());

            // When
            for (int i = 0; i < 12; i++) {
                chat.baton().post(chat.channelPath("out", "/append"), large).expect(200);
            }

            // Then
            await().atMost(PATIENCE).until(() -> openReaders() <= before);
            assertThrows(IOException.class, () -> reader.body(new RawAnswer(200, Map.of("content-length",
                    Integer.toString(20_000_000)), "")), "the stream ends before its end");
        }
    }

    private static double openReaders() {
        return standalone.client().get("/metrics").body().lines()
                .filter(line -> line.startsWith("baton_ingress_readers{") && line.contains("\"out\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }
}
