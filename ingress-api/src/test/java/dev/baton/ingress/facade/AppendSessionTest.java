package dev.baton.ingress.facade;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.baton.ingress.Rows;
import dev.baton.ingress.log.ChannelAppender;
import dev.baton.ingress.log.LogUnavailableException;
import dev.baton.ingress.view.ListPosition;
import dev.baton.ingress.view.Page;
import dev.baton.ingress.view.Paging;
import dev.baton.ingress.view.SessionDirectory;
import dev.baton.ingress.view.SessionFilter;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionReply.Refusal;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.FacadeGrant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** One append session without any HTTP: order, bounds, refusals, ends (contract §2.6 A). */
class AppendSessionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final SessionKey CHAT = new SessionKey("env_dev", "chat-1");
    private static final Environment DEV = new Environment("env_dev", "dev", "proj", List.of("tr_dev_key"));
    private static final FacadeGrant GRANT = new FacadeGrant(DEV, CHAT, Channel.OUT, new Writer(1, "run_1"));

    /** A log that stores a batch when the test says so. */
    private static final class HeldLog implements ChannelAppender {
        private final List<CompletableFuture<Appended>> pending = new CopyOnWriteArrayList<>();
        private final List<ChannelRecord> taken = new CopyOnWriteArrayList<>();

        @Override
        public PendingAppend begin(SessionKey key, List<ChannelRecord> records, Writer writer) {
            CompletableFuture<Appended> stored = new CompletableFuture<>();
            taken.addAll(records);
            pending.add(stored);
            return () -> {
                try {
                    return stored.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new LogUnavailableException("not stored", e);
                }
            };
        }

        void store(int index) {
            pending.get(index).complete(new Appended(10L * index, 1000, 1));
        }
    }

    private static final class OneRow implements SessionDirectory {
        private volatile SessionRow row = Rows.open("chat-1");

        @Override
        public Optional<SessionRow> find(String environmentId, String pathValue) {
            return Optional.of(row);
        }

        @Override
        public Optional<SessionRow> findFresh(String environmentId, String pathValue) {
            return find(environmentId, pathValue);
        }

        @Override
        public Optional<SessionRow> findHeld(String environmentId, String pathValue) {
            return find(environmentId, pathValue);
        }

        @Override
        public Page<SessionRow> page(String environmentId, SessionFilter filter, Paging<ListPosition> paging) {
            throw new AssertionError("a writer lists nothing");
        }

        @Override
        public void learn(SessionRow learned) {
            row = learned;
        }
    }

    private final HeldLog log = new HeldLog();
    private final OneRow rows = new OneRow();
    private final List<SessionCommand> asked = new CopyOnWriteArrayList<>();
    private final PipedOutputStream client = new PipedOutputStream();
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile SessionReply reply = new SessionReply.Refused(Refusal.NOT_FOUND, null);
    private AppendSession session;

    private void open() throws IOException {
        PipedInputStream in = new PipedInputStream(client, 1024 * 1024);
        StreamWriter writer = new StreamWriter(GRANT, rows, log, (_, command) -> {
            asked.add(command);
            return reply;
        });
        session = new AppendSession(writer, in, answers);
        Thread.ofVirtual().start(() -> {
            try {
                session.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                finished.countDown();
            }
        });
    }

    @AfterEach
    void end() throws Exception {
        client.close();
    }

    @Test
    void framesAreTakenBeforeTheFirstIsStoredAndAcknowledgedInOrder() throws Exception {
        // Given
        open();
        send("a", "b", "c");
        await(() -> log.pending.size() == 3);

        // When
        log.store(2);
        log.store(1);
        log.store(0);
        client.close();

        // Then
        assertEquals(List.of("ack 1", "ack 11", "ack 21"), allAnswers());
        assertEquals(List.of("a", "b", "c"), log.taken.stream().map(ChannelRecord::body).toList());
    }

    @Test
    void theNumberOfBatchesInFlightIsBounded() throws Exception {
        // Given
        open();
        String[] many = new String[AppendSession.IN_FLIGHT_MAX + 50];
        Arrays.fill(many, "x");

        // When
        send(many);

        // Then: one is being awaited, the queue is full, and one more waits for a place
        int bound = AppendSession.IN_FLIGHT_MAX + 2;
        await(() -> log.pending.size() == bound);
        for (int i = 0; i < many.length; i++) {
            int next = i;
            await(() -> log.pending.size() > next);
            assertTrue(log.pending.size() <= bound + i, "in flight");
            log.store(i);
        }
        client.close();
        assertEquals(many.length, allAnswers().size());
    }

    @Test
    void aRefusedFrameEndsTheSessionBehindTheAcknowledgementsBeforeIt() throws Exception {
        // Given
        open();
        send("a");

        // When
        client.write(new byte[]{0, 0, 3, 0, 16, 7});
        client.flush();
        await(() -> log.pending.size() == 1);
        log.store(0);

        // Then
        assertEquals(List.of("ack 1", "400 not_supported"), allAnswers());
    }

    @Test
    void aRunThatIsSupersededWhileItsSessionIsOpenIsRefusedAtTheNextBatch() throws Exception {
        // Given
        open();
        send("a");
        await(() -> log.pending.size() == 1);
        log.store(0);

        // When
        rows.learn(Rows.ofGeneration("chat-1", 2));
        send("b");

        // Then
        assertEquals(List.of("ack 1", "409 stale_generation"), allAnswers());
        assertEquals(1, log.taken.size());
    }

    @Test
    void aBatchThatIsNotStoredEndsTheSessionThoughTheClientIsSilent() throws Exception {
        // Given
        open();
        send("a", "b");
        await(() -> log.pending.size() == 2);

        // When
        log.pending.getFirst().completeExceptionally(new IllegalStateException("broker gone"));

        // Then
        assertEquals(List.of("503 unavailable"), allAnswers());
    }

    @Test
    void aStopAcknowledgesWhatWasReadAndSendsTheClientElsewhere() throws Exception {
        // Given
        open();
        send("a");
        await(() -> log.pending.size() == 1);

        // When
        session.stop();
        log.store(0);

        // Then
        assertEquals(List.of("ack 1", "503 unavailable"), allAnswers());
    }

    @Test
    void aStreamThatEndsInsideAFrameIsInvalid() throws Exception {
        // Given
        open();

        // When
        client.write(new byte[]{0, 0, 9, 0, 1});
        client.close();

        // Then
        assertEquals(List.of("400 invalid"), allAnswers());
    }

    @Test
    void aTrimIsAcknowledgedWhenItsFloorIsKnownAndNotBeyondTheEnd() throws Exception {
        // Given
        open();
        SessionRow trimmed = Rows.withFloor(Rows.open("chat-1"), 1);
        reply = new SessionReply.SessionAnswered(trimmed, true);

        // When
        client.write(S2sFrames.frame(HexFormat.of().parseHex("0a12120612047472696d1a080000000000000063")));
        client.flush();
        await(() -> log.pending.size() == 1);
        log.store(0);
        client.close();

        // Then
        assertEquals(List.of("ack 1"), allAnswers());
        assertEquals(List.of(new SessionCommand.TrimOut(1, 1)), asked);
        assertEquals(1, rows.row.floorOutSeq());
    }

    private void send(String... bodies) throws IOException {
        for (String body : bodies) {
            byte[] text = body.getBytes(StandardCharsets.UTF_8);
            byte[] message = new byte[4 + text.length];
            message[0] = 0x0a;
            message[1] = (byte) (2 + text.length);
            message[2] = 0x1a;
            message[3] = (byte) text.length;
            System.arraycopy(text, 0, message, 4, text.length);
            client.write(S2sFrames.frame(message));
        }
        client.flush();
    }

    /** Each as "ack" and its exclusive end, or as status and code. */
    private List<String> allAnswers() throws Exception {
        assertTrue(finished.await(PATIENCE.toSeconds(), TimeUnit.SECONDS), "the session ended");
        byte[] bytes = answers.toByteArray();
        List<String> found = new ArrayList<>();
        for (int at = 0; at < bytes.length;) {
            int length = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
            found.add(answer(bytes, at + 3, length));
            at += 3 + length;
        }
        return found;
    }

    private static String answer(byte[] bytes, int at, int length) throws IOException {
        if (bytes[at] == 0) {
            var in = com.google.protobuf.CodedInputStream.newInstance(
                    new ByteArrayInputStream(bytes, at + 1, length - 1));
            in.readTag();
            in.skipRawBytes(in.readRawVarint32());
            in.readTag();
            in.readRawVarint32();
            return in.readTag() == 8 ? "ack " + in.readUInt64() : "ack 0";
        }
        int status = (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
        String json = new String(bytes, at + 3, length - 3, StandardCharsets.UTF_8);
        return status + " " + json.replaceAll(".*\"code\":\"(\\w+)\".*", "$1");
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(condition);
    }
}
