package dev.baton.ingress.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import dev.baton.ingress.tail.LogScan;
import dev.baton.ingress.tail.PartitionTail;
import dev.baton.ingress.tail.TailEntry;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;

/** One partition of a session topic in memory: what is stored can be scanned, what is delivered reaches the tail. */
public final class FakeLog implements ChannelLog, LogScan, ChannelAppender {
    /** Records per step of a scan: small, so that passes have many steps. */
    private static final int SCAN_STEP = 3;
    public static final long TIME_STEP_MS = 10;

    private final Channel channel;
    private final List<TailEntry> stored = new ArrayList<>();
    private final AtomicInteger scans = new AtomicInteger();
    private final PartitionTail tail;
    private long nextSeq;
    private int delivered;

    public FakeLog(Channel channel, long ringBytesMax, Executor scanExecutor) {
        this.channel = channel;
        this.tail = new PartitionTail(ringBytesMax, 0, this, scanExecutor);
    }

    public synchronized TailEntry store(SessionKey key, ChannelRecord record, Writer writer, long fence) {
        long offset = stored.size();
        long seq = channel == Channel.OUT ? offset : nextSeq++;
        TailEntry entry = TailEntry.of(new StoredRecord(key, channel, seq, offset, offset * TIME_STEP_MS, record,
                writer, fence));
        stored.add(entry);
        return entry;
    }

    /** The message a session is created with. */
    public synchronized TailEntry storeFirstTurn(SessionKey key, String data) {
        long offset = stored.size();
        TailEntry entry = TailEntry.of(new StoredRecord(key, channel, StoredRecord.NO_SEQ, offset,
                offset * TIME_STEP_MS, ChannelRecord.ofText(data, "first"), Writer.UNNAMED, 0));
        stored.add(entry);
        return entry;
    }

    public TailEntry store(SessionKey key, String data) {
        return store(key, ChannelRecord.ofText(data, "id"), Writer.UNNAMED, 0);
    }

    /** Lets the tail read everything that is stored. */
    public void deliver() {
        List<TailEntry> fresh;
        long position;
        synchronized (this) {
            fresh = List.copyOf(stored.subList(delivered, stored.size()));
            delivered = stored.size();
            position = delivered;
        }
        tail.append(fresh, position);
    }

    @Override
    public PendingAppend begin(SessionKey key, List<ChannelRecord> records, Writer writer) {
        TailEntry last = null;
        for (ChannelRecord record : records) {
            last = store(key, record, writer, 0);
        }
        deliver();
        Appended appended = new Appended(last.seq(), last.timestampMs(), records.size());
        return () -> appended;
    }

    public synchronized List<TailEntry> stored() {
        return List.copyOf(stored);
    }

    public int scans() {
        return scans.get();
    }

    public PartitionTail tail() {
        return tail;
    }

    @Override
    public PartitionTail tail(SessionKey key) {
        return tail;
    }

    @Override
    public synchronized long end(SessionKey key) {
        return stored.size();
    }

    @Override
    public synchronized long offsetAtTime(SessionKey key, long epochMs) {
        return stored.stream().filter(entry -> entry.timestampMs() >= epochMs).mapToLong(TailEntry::offset).findFirst()
                .orElse(stored.size());
    }

    @Override
    public long start(SessionKey key) {
        return 0;
    }

    @Override
    public Cursor open(long fromOffset) {
        scans.incrementAndGet();
        return new FakeCursor(fromOffset);
    }

    private final class FakeCursor implements Cursor {
        private long position;

        FakeCursor(long fromOffset) {
            this.position = fromOffset;
        }

        @Override
        public List<TailEntry> next(Set<SessionKey> wanted) {
            synchronized (FakeLog.this) {
                int from = (int) position;
                int to = Math.min(stored.size(), from + SCAN_STEP);
                position = to;
                return stored.subList(from, to).stream().filter(entry -> wanted.contains(entry.key())).toList();
            }
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
