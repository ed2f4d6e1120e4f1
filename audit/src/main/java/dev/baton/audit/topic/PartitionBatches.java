package dev.baton.audit.topic;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.baton.audit.domain.Extent;
import dev.baton.audit.domain.SessionEvidence;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;

/**
 * All sessions of one partition, as many at a time as fit into memory; as a rule that is one batch. Each batch reads the
 * channels up to ends of its own, and the rows after them.
 */
public final class PartitionBatches {
    private final TopicReader topics;
    private final int partition;
    private final long bytesMax;
    /** Null before the first batch: all. */
    private Set<SessionKey> wanted;

    /** @param bytesMax of records in memory; a single session may have more */
    public PartitionBatches(TopicReader topics, int partition, long bytesMax) {
        this.topics = topics;
        this.partition = partition;
        this.bytesMax = bytesMax;
    }

    public boolean hasNext() {
        return wanted == null || !wanted.isEmpty();
    }

    public Batch next() {
        KeptRecords records = new KeptRecords(bytesMax);
        long readAtMs = System.currentTimeMillis();
        ChannelReader channels = ChannelReader.of(topics, partition);
        channels.readSince(0, record -> {
            if (isWanted(record)) {
                records.add(record);
            }
        });
        Rows rows = Rows.read(topics, partition);
        Set<SessionKey> keys = new LinkedHashSet<>(records.keys());
        if (wanted == null) {
            // Sessions without any record that is retained.
            keys.addAll(rows.keys());
            keys.addAll(rows.keysOfRuns());
            keys.removeAll(records.putOff());
        }
        wanted = Set.copyOf(records.putOff());
        return batch(keys, records, rows, channels, readAtMs);
    }

    /** Nothing is judged of what agents write to side channels. */
    private boolean isWanted(StoredRecord record) {
        boolean sideOut = record.channel() == Channel.OUT && Names.namesSideChannel(record.key().chatId());
        return !sideOut && (wanted == null || wanted.contains(record.key()));
    }

    private static Batch batch(Set<SessionKey> keys, KeptRecords records, Rows rows, ChannelReader channels,
            long readAtMs) {
        List<SessionEvidence> sessions = new ArrayList<>();
        List<Batch.SideChannel> sideChannels = new ArrayList<>();
        Extent in = channels.inExtent();
        Extent out = channels.outExtent();
        for (SessionKey key : keys) {
            KeptRecords.Channels of = records.of(key);
            if (Names.namesSideChannel(key.chatId())) {
                sideChannels.add(new Batch.SideChannel(key, List.copyOf(of.in()), in.begin() == 0));
            } else {
                sessions.add(new SessionEvidence(key, rows.session(key), rows.runs(key), of.in(), of.out(), in, out,
                        readAtMs));
            }
        }
        return new Batch(sessions, sideChannels);
    }
}
