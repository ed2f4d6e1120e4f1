package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.List;

import dev.baton.snapshot.turn.TopicHistory;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;

/** Both channels once more, from the log. */
final class LogHistory implements TopicHistory {
    private final World world;

    LogHistory(World world) {
        this.world = world;
    }

    @Override
    public List<StoredRecord> out(int partition, SessionKey key, long from, long to) {
        return range(Channel.OUT, partition, key, from, to);
    }

    @Override
    public List<StoredRecord> in(int partition, SessionKey key, long sinceMs) {
        return range(Channel.IN, partition, key, offsetAt(Channel.IN, partition, sinceMs), Long.MAX_VALUE);
    }

    @Override
    public long outOffsetAt(int partition, long sinceMs) {
        return offsetAt(Channel.OUT, partition, sinceMs);
    }

    private List<StoredRecord> range(Channel channel, int partition, SessionKey key, long from, long to) {
        LogReader reader = new LogReader(world.broker().partition(channel.topic(), partition), from);
        List<StoredRecord> found = new ArrayList<>();
        for (LogEntry next = reader.next(); next != null && next.offset() < to; next = reader.next()) {
            if (next.stored(channel).key().equals(key)) {
                found.add(next.stored(channel));
            }
        }
        return found;
    }

    private long offsetAt(Channel channel, int partition, long sinceMs) {
        LogReader reader = new LogReader(world.broker().partition(channel.topic(), partition), 0);
        for (LogEntry next = reader.peek(); next != null && next.timestampMs() < sinceMs; next = reader.peek()) {
            reader.next();
        }
        return reader.position();
    }
}
