package dev.baton.ingress.sse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.baton.ingress.tail.Delivery;
import dev.baton.ingress.tail.DeliverySource;
import dev.baton.ingress.tail.TailEntry;
import dev.baton.ingress.tail.TailPosition;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** contract §2.2. */
class SseSessionTest {
    private static final SessionKey CHAT = new SessionKey("env_dev", "chat-1");
    private static final long START_MS = 1_795_377_837_583L;
    private static final String PING_5 = "event: ping\ndata: {\"timestamp\":1795377842583}\n\n";
    private static final String PING_10 = "event: ping\ndata: {\"timestamp\":1795377847583}\n\n";
    private static final String BATCH_4 = """
            event: batch
            id: 4
            data: {"records":[{"seq_num":4,"timestamp":1000,"body":"{\\"data\\":\\"hi\\",\\"id\\":\\"a1\\"}"}],\
            "tail":{"seq_num":5,"timestamp":1000}}

            """;

    private final FakeClock clock = new FakeClock();
    private final ScriptedSource source = new ScriptedSource();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void aBatchIsOneLineOfJsonWithTheLastSeqAsItsId() throws Exception {
        // Given
        TailEntry control = entry(5, ChannelRecord.control(ChannelRecord.TURN_COMPLETE,
                new ProtocolHeader(ChannelRecord.SESSION_IN_EVENT_ID, "0")));
        source.then(new Delivery.Records(List.of(data(4), control), new TailPosition(6, 1000)));

        // When
        run(60);

        // Then
        assertEquals("event: batch\nid: 5\ndata: {\"records\":["
                + "{\"seq_num\":4,\"timestamp\":1000,\"body\":\"{\\\"data\\\":\\\"hi\\\",\\\"id\\\":\\\"a1\\\"}\"},"
                + "{\"seq_num\":5,\"timestamp\":1000,\"headers\":[[\"trigger-control\",\"turn-complete\"],"
                + "[\"session-in-event-id\",\"0\"]],\"body\":\"\"}],\"tail\":{\"seq_num\":6,\"timestamp\":1000}}\n\n"
                + "data: [DONE]\n\n", written());
    }

    @Test
    void aBatchWithoutAKnownTailHasNone() throws Exception {
        // Given
        source.then(new Delivery.Records(List.of(data(4)), null));

        // When
        run(60);

        // Then
        assertEquals(BATCH_4.replace(",\"tail\":{\"seq_num\":5,\"timestamp\":1000}", "") + "data: [DONE]\n\n",
                written());
    }

    @Test
    void aSilentStreamPingsEveryFiveSecondsAndEndsWhenItsWindowIsOver() throws Exception {
        // Given
        source.silentForEver();

        // When
        run(12);

        // Then
        assertEquals(PING_5 + PING_10 + "data: [DONE]\n\n", written());
        assertEquals(12, clock.seconds());
    }

    @Test
    void theWindowCountsSilenceAndNotTheAgeOfTheConnection() throws Exception {
        // Given: a record in second 4 of a window of 6
        source.thenAfter(Duration.ofSeconds(4), records(4));
        source.silentForEver();

        // When
        run(6);

        // Then
        assertEquals(BATCH_4 + "event: ping\ndata: {\"timestamp\":1795377846583}\n\n" + "data: [DONE]\n\n", written());
        assertEquals(10, clock.seconds());
    }

    @Test
    void theTimeThatOlderRecordsAreLookedForIsNotSilence() throws Exception {
        // Given: 10 s of catching up, window 6 s
        source.catchingUpFor(Duration.ofSeconds(10));
        source.silentForEver();

        // When
        run(6);

        // Then
        assertEquals(16, clock.seconds());
    }

    @Test
    void aBrokenReaderGetsAnErrorAndNoDone() throws Exception {
        // Given
        source.then(new Delivery.Broken("reader too\nslow"));

        // When
        run(60);

        // Then
        assertEquals("event: error\ndata: reader too slow\n\n", written());
    }

    @Test
    void aClientThatIsGoneEndsTheStreamAtTheNextPing() {
        // Given
        source.silentForEver();
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("gone");
            }
        };

        // When, Then
        assertThrows(IOException.class, () -> new SseSession(source, gone, Duration.ofSeconds(60), clock).run());
        assertEquals(5, clock.seconds());
    }

    private void run(int silenceSeconds) throws Exception {
        new SseSession(source, out, Duration.ofSeconds(silenceSeconds), clock).run();
    }

    private String written() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Delivery records(long seq) {
        return new Delivery.Records(List.of(data(seq)), new TailPosition(seq + 1, 1000));
    }

    private static TailEntry data(long seq) {
        return entry(seq, ChannelRecord.ofText("hi", "a1"));
    }

    private static TailEntry entry(long seq, ChannelRecord record) {
        return TailEntry.of(new StoredRecord(CHAT, Channel.OUT, seq, seq, 1000, record, Writer.UNNAMED, 0));
    }

    /** Time passes only while somebody waits. */
    private static final class FakeClock implements SseClock {
        private long nanos = 7;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long epochMs() {
            return START_MS + (nanos - 7) / 1_000_000;
        }

        long seconds() {
            return (nanos - 7) / 1_000_000_000;
        }

        void pass(Duration time) {
            nanos += time.toNanos();
        }
    }

    /** Deliveries at set times; finished when it has no more. */
    private final class ScriptedSource implements DeliverySource {
        private record Step(long atNanos, Delivery delivery) {}

        private final ArrayDeque<Step> steps = new ArrayDeque<>();
        private boolean endless;
        private long catchingUpUntil;

        void then(Delivery delivery) {
            thenAfter(Duration.ZERO, delivery);
        }

        void thenAfter(Duration time, Delivery delivery) {
            steps.add(new Step(clock.nanoTime() + time.toNanos(), delivery));
        }

        void silentForEver() {
            endless = true;
        }

        void catchingUpFor(Duration time) {
            catchingUpUntil = clock.nanoTime() + time.toNanos();
        }

        @Override
        public Delivery take(Duration maxWait) {
            Step step = steps.peek();
            if (step != null && step.atNanos() - clock.nanoTime() <= maxWait.toNanos()) {
                clock.pass(Duration.ofNanos(Math.max(0, step.atNanos() - clock.nanoTime())));
                return steps.poll().delivery();
            }
            if (step == null && !endless) {
                return new Delivery.Finished();
            }
            clock.pass(maxWait);
            return new Delivery.Silence(clock.nanoTime() > catchingUpUntil, null);
        }
    }
}
