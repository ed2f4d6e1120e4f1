package dev.baton.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.system.cluster.ServiceProcess;
import dev.baton.system.cluster.ServiceProcess.Service;
import dev.baton.system.support.BatonClient;
import dev.baton.system.support.Chat;
import dev.baton.system.support.CutStream;
import dev.baton.system.support.HttpAnswer;
import dev.baton.system.support.Patience;
import dev.baton.system.support.PausableBroker;
import dev.baton.system.support.ProbeWorker;
import dev.baton.system.support.Race;
import dev.baton.system.support.SseConnection;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.system.support.StreamRecord;
import dev.baton.wire.service.Setting;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Two ingress processes on one broker, and readers that go from one to the other (design D3, D6; features #135, #343). The
 * first one lives in a standalone with everything else; the second one is alone and is restarted at will.
 */
class TwoIngressesTest {
    /** Drawn anew for every run; give the one that a failure names to see it again. */
    private static final long SEED = Long.getLong("baton.cuts.seed", System.nanoTime());
    private static final int CUTS = Integer.getInteger("baton.cuts", 200);
    /** From one byte to more than the largest frame, small cuts as likely as large ones. */
    private static final int BYTES_BITS_MAX = 19;

    /** On each channel: readers should not have to wait for records. */
    private static final int WRITERS = 3;

    private static PausableBroker broker;
    private static StandaloneProcess standalone;
    private static ServiceProcess ingress;
    private static BatonClient first;
    private static BatonClient second;

    @BeforeAll
    static void start() {
        broker = PausableBroker.start();
        standalone = StandaloneProcess.start(broker);
        ingress = ServiceProcess.start(Service.INGRESS, 2, onlySigning(broker));
        first = standalone.client();
        second = ingress.client();
    }

    /** It signs URLs of the store and never asks it. */
    private static Map<String, String> onlySigning(PausableBroker broker) {
        Map<String, String> environment = new HashMap<>(broker.environment());
        environment.put(Setting.OBJECT_STORE_BASE_URL.key(), "http://127.0.0.1:1");
        environment.put(Setting.OBJECT_STORE_ACCESS_KEY_ID.key(), "key");
        environment.put(Setting.OBJECT_STORE_SECRET_ACCESS_KEY.key(), "secret");
        return environment;
    }

    @AfterAll
    static void stop() {
        if (ingress != null) {
            ingress.close();
        }
        if (standalone != null) {
            standalone.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    @DisplayName("issue, The whole wire: cut at 200 random points, while writers go on and the ingress is restarted, a reader "
            + "sees every record once and in order")
    void aReaderThatIsCutSeesEveryRecordOnce() throws Exception {
        // Given
        Chat chat = ProbeWorker.forNewTask(first).startChat();
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> outWriters = writers(threads, chat, "out", done);
            List<Future<Integer>> inWriters = writers(threads, chat, "in", done);
            try {
                // When
                Future<List<StreamRecord>> in = threads
                        .submit(() -> readInPieces(chat, "in", new Random(SEED + 1), false));
                List<StreamRecord> out = readInPieces(chat, "out", new Random(SEED), true);
                List<StreamRecord> inRecords = in.get();
                done.set(true);

                // Then
                assertWhole(chat, "out", sum(outWriters), out);
                assertWhole(chat, "in", sum(inWriters), inRecords);
            } finally {
                done.set(true);
            }
        }
    }

    private static List<Future<Integer>> writers(ExecutorService threads, Chat chat, String io, AtomicBoolean done) {
        return IntStream.range(0, WRITERS).mapToObj(writer -> threads.submit(() -> write(chat, io, writer, done)))
                .toList();
    }

    private static int sum(List<Future<Integer>> writers) throws Exception {
        int sum = 0;
        for (Future<Integer> each : writers) {
            sum += each.get();
        }
        return sum;
    }

    /** @return how many records were acknowledged */
    private static int write(Chat chat, String io, int writer, AtomicBoolean done) {
        int written = 0;
        while (!done.get()) {
            first.post(chat.channelPath(io, "/append"), "{\"n\":" + written + ",\"text\":\"" + "x".repeat(written % 97)
                    + "\"}", "X-Part-Id", io + writer + "-" + written).expect(200);
            written++;
        }
        return written;
    }

    private static List<StreamRecord> readInPieces(Chat chat, String io, Random random, boolean restarts) {
        List<StreamRecord> seen = new ArrayList<>();
        for (int cut = 0; cut < CUTS; cut++) {
            if (restarts && cut % 50 == 25) {
                if (random.nextBoolean()) {
                    ingress.process().kill();
                } else {
                    ingress.stop();
                }
                ingress.start();
            }
            long cursor = seen.isEmpty() ? -1 : seen.getLast().seq();
            try {
                seen.addAll(CutStream.read(second, chat.channelPath(io, ""), cursor, bytes(random)));
            } catch (IOException _) {
                // It is being restarted by the other reader: this cut has given nothing.
                cut--;
                await().atMost(Patience.START).until(TwoIngressesTest::answers);
            }
        }
        return seen;
    }

    private static int bytes(Random random) {
        int bits = random.nextInt(BYTES_BITS_MAX);
        return (1 << bits) + random.nextInt(1 << bits);
    }

    private static boolean answers() {
        try {
            return second.get("/readyz").status() == 200;
        } catch (UncheckedIOException _) {
            return false;
        }
    }

    /** What the pieces have left is read in one; then nothing may be missing, doubled or out of order. */
    private static void assertWhole(Chat chat, String io, int written, List<StreamRecord> pieces) {
        String seed = "seed " + SEED + ", " + io;
        List<Long> seqs = new ArrayList<>(pieces.stream().map(StreamRecord::seq).toList());
        long cursor = seqs.isEmpty() ? -1 : seqs.getLast();
        String after = cursor < 0 ? "" : "?afterEventId=" + cursor;
        second.get(chat.channelPath(io, "/records" + after)).expect(200).json().path("records")
                .forEach(record -> seqs.add(record.path("seqNum").asLong()));
        List<Long> stored = new ArrayList<>();
        first.get(chat.channelPath(io, "/records")).expect(200).json().path("records")
                .forEach(record -> stored.add(record.path("seqNum").asLong()));
        assertTrue(pieces.size() > CUTS, () -> seed + ": the pieces were too few to prove anything: " + pieces.size());
        assertEquals(written, stored.size(), seed);
        assertEquals(stored, seqs, seed);
    }

    @Test
    @DisplayName("features #135: what one ingress has acknowledged is there at the other one, at once")
    void whatOneHasAcknowledgedTheOtherOneShows() {
        for (int round = 0; round < 20; round++) {
            // Given
            Chat chat = ProbeWorker.forNewTask(round % 2 == 0 ? first : second).startChat();
            BatonClient here = chat.baton();
            BatonClient there = here == first ? second : first;

            // When, Then: the session
            assertEquals(chat.sessionId(), there.get(chat.sessionPath("")).expect(200).json().path("id").asText());
            assertEquals(chat.firstRunId(), there.get(chat.sessionPath("/runs")).expect(200).json().path("data").get(0)
                    .path("runId").asText());
            assertEquals(chat.chatId(), there.get("/api/v1/sessions?page%5Bsize%5D=1").expect(200).json().path("data")
                    .get(0).path("externalId").asText());
            here.send("PATCH", chat.sessionPath(""),
                    BodyPublishers.ofString("{\"tags\":[\"round-" + round + "\"]}"))
                    .expect(200);
            assertEquals("round-" + round,
                    there.get(chat.sessionPath("")).expect(200).json().path("tags").get(0).asText());

            // When, Then: its channels
            assertEquals(0,
                    here.post(chat.channelPath("in", "/append"), "zero").expect(200).json().path("seq").asInt());
            assertEquals(1,
                    there.post(chat.channelPath("in", "/append"), "one").expect(200).json().path("seq").asInt());
            assertEquals(List.of("zero", "one"), here.get(chat.channelPath("in", "/records")).expect(200).json()
                    .findValuesAsText("data"));
            assertTrimmedThere(chat, here, there);

            // When, Then: its end
            here.post(chat.sessionPath("/close"), "{}").expect(200);
            assertEquals("session_closed",
                    there.post(chat.channelPath("in", "/append"), "late").expect(409).json().path("code").asText());
            assertTrue(!there.get(chat.sessionPath("")).expect(200).json().path("closedAt").isNull());
            there.post("/api/v1/sessions", Chat.createBody(chat.chatId(), null).toString()).expect(409);
        }
    }

    /** With a token of direct writes that the other one has made out. */
    private static void assertTrimmedThere(Chat chat, BatonClient here, BatonClient there) {
        HttpAnswer init = there.put(chat.channelPath("out", "")).expect(202);
        String path = URI.create(init.header("X-S2-Endpoint").orElseThrow()).getPath() + "/streams/"
                + init.header("X-S2-Stream-Name").orElseThrow() + "/records";
        BatonClient writer = here.as(init.header("X-S2-Access-Token").orElseThrow());
        String body = "{\"body\":\"{\\\"data\\\":{\\\"n\\\":1},\\\"id\\\":\\\"a\\\"}\"}";
        writer.post(path, "{\"records\":[" + body + "]}").expect(200);
        JsonNode last = writer.post(path, "{\"records\":[" + body
                + ",{\"body\":\"\",\"headers\":[[\"trigger-control\",\"turn-complete\"]]}]}").expect(200).json();
        long floor = last.path("start").path("seq_num").asLong();
        HttpAnswer settled = there.get(chat.channelPath("out", ""), "X-Peek-Settled", "1");
        assertEquals("true", settled.expect(200).header("X-Session-Settled").orElse(""));
        assertEquals(3, there.get(chat.channelPath("out", "/records")).expect(200).json().path("records").size());
        trim(writer, path, floor);
        assertEquals(2, there.get(chat.channelPath("out", "/records")).expect(200).json().path("records").size());
    }

    /** Contract §13: a record with one header of empty name and value trim; its body is the number in 8 bytes. */
    private static void trim(BatonClient writer, String path, long floor) {
        byte[] head = {10, 18, 18, 6, 18, 4, 't', 'r', 'i', 'm', 26, 8};
        byte[] input = ByteBuffer.allocate(head.length + Long.BYTES).put(head).putLong(floor).array();
        writer.send("POST", path, BodyPublishers.ofByteArray(input), "Content-Type", "application/protobuf")
                .expect(200);
    }

    @Test
    @DisplayName("contract §2.5: ten appends with one part id at once, over both, are one record with one seq")
    void aPartIdIsClaimedOnceOverBoth() {
        for (int round = 0; round < 20; round++) {
            // Given
            Chat chat = ProbeWorker.forNewTask(first).startChat();

            // When
            List<HttpAnswer> answers = Race.each(10, caller -> (caller % 2 == 0 ? first : second)
                    .post(chat.channelPath("in", "/append"), "once", "X-Part-Id", "part-1"));

            // Then
            answers.forEach(answer -> assertEquals(0, answer.expect(200).json().path("seq").asInt(-1)));
            assertEquals(1, second.get(chat.channelPath("in", "/records")).expect(200).json().path("records").size());
        }
    }

    @Test
    @DisplayName("design D6: a stream that began at one ingress is resumed at the other, and list cursors are good at both")
    void cursorsAreGoodAtBoth() {
        // Given
        Chat chat = ProbeWorker.forNewTask(first).startChat();
        BatonClient reader = second.as(chat.created().path("publicAccessToken").asText());
        long cursor;
        first.post(chat.channelPath("out", "/append"), "one").expect(200);
        try (SseConnection out = first.stream(chat.channelPath("out", ""))) {
            cursor = out.awaitRecords("one", Patience.TURN, all -> all.size() == 1).getFirst().seq();
        }

        // When
        second.post(chat.channelPath("out", "/append"), "two").expect(200);

        // Then
        try (SseConnection resumed = reader.stream(chat.channelPath("out", ""), "Last-Event-ID",
                Long.toString(cursor))) {
            List<StreamRecord> rest = resumed.awaitRecords("two", Patience.TURN, all -> !all.isEmpty());
            assertEquals(1, rest.size());
            assertTrue(rest.getFirst().seq() > cursor);
        }
        JsonNode page = first.get("/api/v1/sessions?page%5Bsize%5D=1").expect(200).json();
        String next = page.path("pagination").path("next").asText("");
        if (!next.isEmpty()) {
            String rest = "/api/v1/sessions?page%5Bsize%5D=1&page%5Bafter%5D=" + BatonClient.encode(next);
            assertEquals(first.get(rest).expect(200).body(), second.get(rest).expect(200).body());
        }
    }
}
