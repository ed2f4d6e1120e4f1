package dev.baton.audit.topic;

import java.util.List;

import dev.baton.audit.domain.SessionEvidence;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionKey;

/** Sessions and side channels of one partition, read together. A side channel may lie elsewhere than its session. */
public record Batch(List<SessionEvidence> sessions, List<SideChannel> sideChannels) {
    /**
     * @param in records of the channel
     * @param complete whether nothing has left the partition yet
     */
    public record SideChannel(SessionKey key, List<StoredRecord> in, boolean complete) {}
}
