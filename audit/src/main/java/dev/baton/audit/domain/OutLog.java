package dev.baton.audit.domain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.baton.wire.channel.FenceLevel;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.history.Boundary;

/** The {@code .out} of one session as readers see it: what is shown, what is void, where turns end and fences stand. */
final class OutLog {
    private final List<StoredRecord> shown = new ArrayList<>();
    private final List<StoredRecord> fences = new ArrayList<>();
    private final List<TurnFact> turns = new ArrayList<>();
    private final List<Finding> earlyWrites = new ArrayList<>();
    private final FenceLevel level = new FenceLevel(0);
    private final Set<Long> earlyGenerations = new HashSet<>();
    private long fenced;
    private long voidRecords;

    private OutLog() {}

    static OutLog of(List<StoredRecord> out) {
        OutLog log = new OutLog();
        out.forEach(log::add);
        return log;
    }

    private void add(StoredRecord record) {
        boolean admitted = level.admits(record);
        if (record.isFence()) {
            fences.add(record);
            fenced = Math.max(fenced, record.fence());
        }
        long generation = record.writer().generation();
        if (generation > fenced && earlyGenerations.add(generation)) {
            earlyWrites.add(new ChannelFinding.WriteBeforeFence(record.seq(), generation, fenced));
        }
        Boundary.of(record).ifPresent(boundary -> turns
                .add(new TurnFact(boundary, record.writer().runId(), record.timestampMs(), admitted)));
        if (admitted) {
            shown.add(record);
        } else {
            voidRecords++;
        }
    }

    /** Records that count, in order. */
    List<StoredRecord> shown() {
        return shown;
    }

    List<StoredRecord> fences() {
        return fences;
    }

    /** Void ones included. */
    List<TurnFact> turns() {
        return turns;
    }

    List<TurnFact> shownTurns() {
        return turns.stream().filter(TurnFact::shown).toList();
    }

    Optional<TurnFact> turnAt(long outSeq) {
        return turns.stream().filter(turn -> turn.boundary().outSeq() == outSeq).findFirst();
    }

    long voidRecords() {
        return voidRecords;
    }

    /** The first record of each generation that no fence had announced. True only where nothing has left the topic. */
    List<Finding> earlyWrites() {
        return earlyWrites;
    }
}
