package dev.baton.snapshot.turn;

import java.util.ArrayList;
import java.util.List;

import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;

/** One partition of both session topics as lists. */
final class ListTopics implements TopicHistory {
    final List<StoredRecord> out = new ArrayList<>();
    final List<StoredRecord> in = new ArrayList<>();
    int rereads;

    @Override
    public List<StoredRecord> out(int partition, SessionKey key, long from, long to) {
        rereads++;
        return out.stream()
                .filter(record -> record.key().equals(key) && record.offset() >= from && record.offset() < to)
                .toList();
    }

    @Override
    public List<StoredRecord> in(int partition, SessionKey key, long sinceMs) {
        rereads++;
        return in.stream().filter(record -> record.key().equals(key)).toList();
    }

    @Override
    public long outOffsetAt(int partition, long sinceMs) {
        return 0;
    }
}
