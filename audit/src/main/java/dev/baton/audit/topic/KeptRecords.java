package dev.baton.audit.topic;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;

/**
 * Records by session, within a bound of memory. What does not fit is put off: the sessions that came last are given up,
 * until one is left. Whoever reads the partition again takes those next.
 */
final class KeptRecords {
    /** Heap of a stored record beside its text: objects, references, key. An estimate. */
    private static final int RECORD_OVERHEAD_BYTES = 256;

    /** One key's records. */
    static final class Channels {
        private final List<StoredRecord> in = new ArrayList<>();
        private final List<StoredRecord> out = new ArrayList<>();
        private long bytes;

        List<StoredRecord> in() {
            return in;
        }

        List<StoredRecord> out() {
            return out;
        }
    }

    private final long bytesMax;
    private final LinkedHashMap<SessionKey, Channels> kept = new LinkedHashMap<>();
    private final Set<SessionKey> putOff = new HashSet<>();
    private long bytes;

    KeptRecords(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    void add(StoredRecord record) {
        if (putOff.contains(record.key())) {
            return;
        }
        Channels channels = kept.computeIfAbsent(record.key(), _ -> new Channels());
        (record.channel() == Channel.IN ? channels.in : channels.out).add(record);
        long size = record.record().meteredBytes() + RECORD_OVERHEAD_BYTES;
        channels.bytes += size;
        bytes += size;
        while (bytes > bytesMax && kept.size() > 1) {
            var last = kept.pollLastEntry();
            putOff.add(last.getKey());
            bytes -= last.getValue().bytes;
        }
    }

    Channels of(SessionKey key) {
        return kept.getOrDefault(key, new Channels());
    }

    Set<SessionKey> keys() {
        return kept.keySet();
    }

    Set<SessionKey> putOff() {
        return putOff;
    }
}
