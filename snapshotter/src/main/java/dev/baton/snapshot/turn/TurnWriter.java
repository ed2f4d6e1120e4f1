package dev.baton.snapshot.turn;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.baton.snapshot.domain.FenceFilter;
import dev.baton.snapshot.domain.FinishedTurn;
import dev.baton.snapshot.domain.SessionFacts;
import dev.baton.wire.Names;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.history.TurnFold;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Environments;

/**
 * Brings the snapshot of a session up to a turn boundary: load, fold, store under the condition that nobody stored in
 * between. Called by several threads, for one session by one at a time within this process; another process that still
 * believes it owns the partition is caught by the condition. If we die here, the boundary is read again and finds its
 * snapshot stored or not: both are fine.
 */
public final class TurnWriter {
    private static final Logger LOG = LoggerFactory.getLogger(TurnWriter.class);
    /** Lost races in a row before the boundary goes back to the queue. */
    private static final int CONFLICTS_MAX = 5;
    /** A record may be stamped this much earlier than the row of its session: two clocks. In milliseconds. */
    private static final long CLOCK_SLACK_MS = 60_000;

    private final SessionRows rows;
    private final Environments environments;
    private final SnapshotReader reader;
    private final SnapshotWriter writer;
    private final TopicHistory topics;
    private final InstantSource clock;

    public TurnWriter(SessionRows rows, Environments environments, SnapshotReader reader, SnapshotWriter writer,
            TopicHistory topics, InstantSource clock) {
        this.rows = rows;
        this.environments = environments;
        this.reader = reader;
        this.writer = writer;
        this.topics = topics;
        this.clock = clock;
    }

    /** @throws StoreException when the store or the broker is in trouble; the boundary must be tried again */
    public TurnOutcome write(FinishedTurn turn) {
        Boundary boundary = turn.boundary();
        Optional<SessionFacts> row = rows.row(boundary.key());
        if (row.isEmpty()) {
            return TurnOutcome.ROW_MISSING;
        }
        if (row.get().deleted()) {
            return TurnOutcome.DELETED;
        }
        if (row.get().voids(boundary.generation(), boundary.outSeq())) {
            return TurnOutcome.VOID;
        }
        if (row.get().keptByAgent()) {
            return TurnOutcome.STOOD_DOWN;
        }
        Optional<Environment> environment = environments.byId(boundary.key().environmentId());
        if (environment.isEmpty()) {
            return TurnOutcome.ENVIRONMENT_UNKNOWN;
        }
        String object = Names.snapshotObject(environment.get().projectRef(), environment.get().slug(),
                row.get().sessionId());
        for (int conflicts = 0; conflicts < CONFLICTS_MAX; conflicts++) {
            Optional<TurnOutcome> outcome = tryOnce(object, turn, row.get());
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        throw new StoreException("expected to store " + object + ", but others stored it " + CONFLICTS_MAX
                + " times in between", null);
    }

    /** Empty when another writer was faster. */
    private Optional<TurnOutcome> tryOnce(String object, FinishedTurn turn, SessionFacts row) {
        return switch (reader.read(object)) {
            case StoredObject.AgentOwned() -> Optional.of(TurnOutcome.STOOD_DOWN);
            case StoredObject.Absent() -> store(object, fold(Optional.empty(), turn, row), null);
            case StoredObject.Damaged(String etag) -> store(object, fold(Optional.empty(), turn, row), etag);
            case StoredObject.Written(Snapshot base, String etag) -> base.lastOutSeq() >= turn.boundary().outSeq()
                    ? Optional.of(TurnOutcome.ALREADY_THERE)
                    : store(object, fold(Optional.of(base), turn, row), etag);
        };
    }

    private Optional<TurnOutcome> store(String object, Snapshot snapshot, String replacedEtag) {
        return writer.write(object, snapshot, replacedEtag) ? Optional.of(TurnOutcome.WRITTEN) : Optional.empty();
    }

    private Snapshot fold(Optional<Snapshot> base, FinishedTurn turn, SessionFacts row) {
        List<StoredRecord> in = inputs(base, turn, row);
        List<StoredRecord> out = outputs(base, turn, row);
        return TurnFold.fold(base, in, out, turn.boundary(), clock.millis());
    }

    /**
     * Memory holds everything since the last boundary that was stored. Two exceptions need the topic: the session
     * overflowed its memory, or a turn was settled whose snapshot is not there (object lost, or made older by hand).
     */
    private List<StoredRecord> outputs(Optional<Snapshot> base, FinishedTurn turn, SessionFacts row) {
        long known = base.map(Snapshot::lastOutSeq).orElse(Snapshot.NO_SEQ);
        boolean lost = row.settledOutSeq() > known && row.settledOutSeq() < turn.neededFrom();
        if (!lost && turn.coveredFrom() <= turn.neededFrom()) {
            return accepted(turn.out(), row);
        }
        int partition = turn.partition();
        long from = turn.neededFrom();
        if (lost) {
            from = base.isPresent() ? known + 1 : topics.outOffsetAt(partition, row.createdAt() - CLOCK_SLACK_MS);
        }
        reread(turn, "out");
        FenceFilter fences = new FenceFilter();
        return accepted(topics.out(partition, turn.boundary().key(), from, turn.boundary().outSeq()), row).stream()
                .filter(fences::accepts).toList();
    }

    private static List<StoredRecord> accepted(List<StoredRecord> records, SessionFacts row) {
        return records.stream().filter(record -> !row.voids(record.writer().generation(), record.seq())).toList();
    }

    /** {@code .in} is dense, so a hole shows; only the first-turn message has no seq that could be missed. */
    private List<StoredRecord> inputs(Optional<Snapshot> base, FinishedTurn turn, SessionFacts row) {
        long from = base.map(Snapshot::lastInSeq).orElse(Snapshot.NO_SEQ) + 1;
        Set<Long> present = turn.in().stream().map(StoredRecord::seq).collect(Collectors.toSet());
        boolean dense = LongStream.rangeClosed(from, turn.boundary().inSeq()).allMatch(present::contains);
        boolean firstTurn = base.isPresent() || present.contains(StoredRecord.NO_SEQ);
        if (dense && firstTurn) {
            return turn.in();
        }
        reread(turn, "in");
        SessionKey key = turn.boundary().key();
        return topics.in(turn.partition(), key, row.createdAt() - CLOCK_SLACK_MS);
    }

    private static void reread(FinishedTurn turn, String channel) {
        LOG.debug("reading a turn from the topic again: channel={} partition={} session={} seq={}", channel,
                turn.partition(), Names.fingerprint(turn.boundary().key().toString()), turn.boundary().outSeq());
    }
}
