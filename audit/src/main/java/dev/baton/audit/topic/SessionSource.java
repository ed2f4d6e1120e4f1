package dev.baton.audit.topic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.baton.audit.domain.Extent;
import dev.baton.audit.domain.SessionEvidence;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;

/** Finds one session in the topics and reads what they say of it. */
public final class SessionSource {
    private final TopicReader topics;

    public SessionSource(TopicReader topics) {
        this.topics = topics;
    }

    /**
     * @param session a friendly id or a chat id
     * @param environmentId where a chat id is looked for
     * @return empty when no row tells of it
     */
    public Optional<SessionEvidence> read(String session, String environmentId) {
        int partitions = topics.partitions(Names.SESSIONS_TOPIC);
        for (int partition = 0; partition < partitions; partition++) {
            Map<SessionKey, SessionRow> rows = Rows.sessions(topics, partition);
            Optional<SessionRow> found = Names.isFriendlySessionId(session)
                    ? rows.values().stream().filter(row -> row.id().equals(session)).findFirst()
                    : Optional.ofNullable(rows.get(new SessionKey(environmentId, session)));
            if (found.isPresent()) {
                return Optional.of(evidence(partition, found.get()));
            }
        }
        return Optional.empty();
    }

    private SessionEvidence evidence(int partition, SessionRow found) {
        SessionKey key = found.key();
        List<StoredRecord> in = new ArrayList<>();
        List<StoredRecord> out = new ArrayList<>();
        long readAtMs = System.currentTimeMillis();
        ChannelReader channels = ChannelReader.of(topics, partition);
        channels.readSince(found.createdAt() - Extent.CLOCK_SLACK_MS, record -> {
            if (record.key().equals(key)) {
                (record.channel() == Channel.IN ? in : out).add(record);
            }
        });
        Rows rows = Rows.read(topics, partition);
        SessionRow row = rows.session(key) == null ? found : rows.session(key);
        return new SessionEvidence(key, row, rows.runs(key), in, out, channels.inExtent(), channels.outExtent(),
                readAtMs);
    }
}
