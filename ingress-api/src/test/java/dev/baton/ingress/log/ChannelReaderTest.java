package dev.baton.ingress.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import dev.baton.ingress.Rows;
import dev.baton.ingress.tail.Delivery;
import dev.baton.ingress.tail.Subscription;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** contract §2.2, §2.3, §2.7; design D3, D6. */
class ChannelReaderTest {
    private static final SessionKey CHAT = new SessionKey("env_dev", "chat-1");
    private static final SessionKey OTHER = new SessionKey("env_dev", "chat-2");
    private static final SessionRow ROW = Rows.open("chat-1");

    private final FakeLog in = new FakeLog(Channel.IN, 1500, Runnable::run);
    private final FakeLog out = new FakeLog(Channel.OUT, 1500, Runnable::run);
    private final ChannelReader reader = new ChannelReader(in, out);

    @Test
    void aReadWithoutCursorBeginsAtTheFloor() throws InterruptedException {
        // Given
        fill(out, CHAT, 30);
        SessionRow row = Rows.withFloor(ROW, 12);

        // When
        List<Long> seqs = read(ChannelReader.Target.of(CHAT, Channel.OUT, row), OptionalLong.empty());

        // Then
        assertEquals(12, seqs.getFirst());
        assertEquals(18, seqs.size());
    }

    @Test
    void aCursorBelowTheFloorIsRaisedToIt() throws InterruptedException {
        // Given
        fill(out, CHAT, 30);

        // When
        List<Long> seqs = read(ChannelReader.Target.of(CHAT, Channel.OUT, Rows.withFloor(ROW, 12)),
                OptionalLong.of(3));

        // Then
        assertEquals(12, seqs.getFirst());
    }

    @Test
    void aReaderThatComesBackSeesNothingOfAFencedRunThoughTheRowIsOlderThanTheFence() throws InterruptedException {
        // Given: the row tells of no fence; the cursor is the successor's first record
        out.store(CHAT, new ChannelRecord("", List.of()), Writer.UNNAMED, 2);
        long cursor = out.store(CHAT, ChannelRecord.ofText("successor", "s"), new Writer(2, "run_2"), 0).seq();
        out.store(CHAT, ChannelRecord.ofText("late", "l"), new Writer(1, "run_1"), 0);
        long next = out.store(CHAT, ChannelRecord.ofText("more", "m"), new Writer(2, "run_2"), 0).seq();
        out.deliver();

        // When
        List<Long> seqs = read(ChannelReader.Target.of(CHAT, Channel.OUT, ROW), OptionalLong.of(cursor));

        // Then
        assertEquals(List.of(next), seqs);
    }

    @Test
    void aChannelWithoutARowIsReadFromTheFirstSurvivingRecord() throws InterruptedException {
        // Given
        fill(out, CHAT, 5);

        // When, Then
        assertEquals(5, read(ChannelReader.Target.of(CHAT, Channel.OUT, null), OptionalLong.empty()).size());
        assertEquals(List.of(), read(ChannelReader.Target.of(OTHER, Channel.OUT, null), OptionalLong.empty()));
    }

    @Test
    void inputIsReadByItsOwnSeqWhereverItLies() throws InterruptedException {
        // Given: seqs of .in are not offsets
        for (int i = 0; i < 30; i++) {
            in.store(i == 0 ? OTHER : CHAT, "input " + i);
        }
        in.deliver();
        ChannelReader.Target target = ChannelReader.Target.of(CHAT, Channel.IN, ROW);

        // When, Then: one cursor behind the ring, one in it, one at the end
        assertEquals(29, read(target, OptionalLong.empty()).size());
        assertEquals(List.of(28L, 29L), read(target, OptionalLong.of(27)));
        assertEquals(List.of(), read(target, OptionalLong.of(29)));
    }

    @Test
    void aStreamFromTheEndHasOnlyWhatComesLater() throws InterruptedException {
        // Given
        fill(out, CHAT, 5);
        try (Subscription stream = reader.followFromEnd(ChannelReader.Target.of(CHAT, Channel.OUT, ROW))) {
            assertInstanceOf(Delivery.Silence.class, stream.take(Duration.ZERO));

            // When
            fill(out, CHAT, 1);

            // Then
            Delivery.Records records = assertInstanceOf(Delivery.Records.class, stream.take(Duration.ZERO));
            assertEquals(5, records.entries().getFirst().seq());
        }
    }

    @Test
    void aSessionIsSettledWhenItsLastVisibleRecordEndsATurn() throws InterruptedException {
        // Given
        ChannelReader.Target target = ChannelReader.Target.of(CHAT, Channel.OUT, ROW);
        boolean empty = reader.settled(target);
        fill(out, CHAT, 2);
        boolean inTurn = reader.settled(target);
        out.store(CHAT, ChannelRecord.control(ChannelRecord.TURN_COMPLETE), Writer.UNNAMED, 0);
        out.store(CHAT, new ChannelRecord("", List.of()), Writer.UNNAMED, 2);
        out.deliver();
        boolean afterTurn = reader.settled(target);

        // When: the turn's end leaves the ring
        fill(out, OTHER, 30);

        // Then
        assertFalse(empty);
        assertFalse(inTurn);
        assertTrue(afterTurn);
        assertTrue(reader.settled(target));
        assertTrue(reader.settled(ChannelReader.Target.of(CHAT, Channel.OUT, Rows.settledAt(ROW, 2))));
        assertTrue(out.scans() > 0);
    }

    @Test
    void aTurnThatWasTrimmedSettlesNothing() throws InterruptedException {
        // Given
        out.store(CHAT, ChannelRecord.control(ChannelRecord.TURN_COMPLETE), Writer.UNNAMED, 0);
        out.store(CHAT, ChannelRecord.trim(1), Writer.UNNAMED, 0);
        out.deliver();

        // When
        boolean kept = reader.settled(ChannelReader.Target.of(CHAT, Channel.OUT, ROW));
        boolean trimmed = reader.settled(ChannelReader.Target.of(CHAT, Channel.OUT, Rows.withFloor(ROW, 1)));

        // Then
        assertTrue(kept);
        assertFalse(trimmed);
    }

    private List<Long> read(ChannelReader.Target target, OptionalLong cursor) throws InterruptedException {
        List<Long> seqs = new ArrayList<>();
        reader.forEach(target, cursor, entry -> seqs.add(entry.seq()));
        return seqs;
    }

    private static void fill(FakeLog log, SessionKey key, int count) {
        for (int i = 0; i < count; i++) {
            log.store(key, "record " + i);
        }
        log.deliver();
    }
}
