package dev.baton.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.baton.audit.domain.AuditWindow;
import dev.baton.audit.domain.Finding;
import dev.baton.audit.domain.InCheck;
import dev.baton.audit.domain.SessionCheck;
import dev.baton.audit.domain.SessionEvidence;
import dev.baton.audit.domain.SessionVerdict;
import dev.baton.audit.domain.StoredSnapshot;
import dev.baton.audit.report.AuditLines;
import dev.baton.audit.store.SnapshotStore;
import dev.baton.audit.topic.Batch;
import dev.baton.audit.topic.PartitionBatches;
import dev.baton.audit.topic.TopicReader;
import dev.baton.wire.Names;

/** Goes through all partitions: read the topics, read the snapshots, judge, tell. One thread. */
final class Auditor {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final TopicReader topics;
    private final SnapshotStore snapshots;
    private final AuditWindow window;
    private final AuditLines lines;
    private final long bytesMax;
    private final Duration patience;

    /**
     * @param bytesMax of records in memory at a time
     * @param patience how long a snapshot may be behind: the snapshotter reports a turn before its snapshot when the store
     *     takes longer than 2 s, and one that was killed in between is replaced after 6 s
     */
    Auditor(TopicReader topics, SnapshotStore snapshots, AuditWindow window, AuditLines lines, long bytesMax,
            Duration patience) {
        this.topics = topics;
        this.snapshots = snapshots;
        this.window = window;
        this.lines = lines;
        this.bytesMax = bytesMax;
        this.patience = patience;
    }

    void run() throws InterruptedException {
        int partitions = topics.partitions(Names.SESSIONS_TOPIC);
        for (int partition = 0; partition < partitions; partition++) {
            PartitionBatches batches = new PartitionBatches(topics, partition, bytesMax);
            while (batches.hasNext()) {
                judge(batches.next());
            }
        }
        lines.summary();
    }

    private void judge(Batch batch) throws InterruptedException {
        List<SessionEvidence> inDoubt = tellThoseWithoutDoubt(
                batch.sessions().stream().filter(window::touches).toList());
        long deadline = System.nanoTime() + patience.toNanos();
        while (!inDoubt.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(LOOK_AGAIN);
            inDoubt = tellThoseWithoutDoubt(inDoubt);
        }
        inDoubt.forEach(evidence -> lines.session(verdict(evidence)));
        batch.sideChannels().forEach(this::judge);
    }

    /** Returns those whose snapshot may be on its way. */
    private List<SessionEvidence> tellThoseWithoutDoubt(List<SessionEvidence> sessions) {
        List<SessionEvidence> inDoubt = new ArrayList<>();
        for (SessionEvidence evidence : sessions) {
            SessionVerdict verdict = verdict(evidence);
            if (verdict.worthASecondLook()) {
                inDoubt.add(evidence);
            } else {
                lines.session(verdict);
            }
        }
        return inDoubt;
    }

    private SessionVerdict verdict(SessionEvidence evidence) {
        StoredSnapshot snapshot = evidence.row() == null
                ? new StoredSnapshot.Unnamed()
                : snapshots.read(evidence.row());
        return SessionCheck.of(evidence, snapshot, System.currentTimeMillis());
    }

    private void judge(Batch.SideChannel channel) {
        if (channel.in().stream().anyMatch(record -> window.contains(record.timestampMs()))) {
            for (Finding finding : InCheck.of(channel.key(), channel.in(), channel.complete())) {
                lines.finding(Names.sessionOf(channel.key()), null, finding);
            }
        }
    }
}
