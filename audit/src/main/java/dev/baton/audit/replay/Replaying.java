package dev.baton.audit.replay;

import java.util.List;
import java.util.Optional;

import dev.baton.audit.domain.SessionEvidence;
import dev.baton.wire.channel.FenceLevel;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.history.TurnFold;
import dev.baton.wire.session.SessionRunRow;

/** Rebuilds a conversation and its ownership from records. Pure: same records, same replay. */
public final class Replaying {
    private static final long NONE = -1;

    private final SessionEvidence evidence;
    private final List<StoredRecord> out;
    private final List<StoredRecord> shown;
    private final long untilMs;

    private Replaying(SessionEvidence evidence, Until until) {
        this.evidence = evidence;
        out = evidence.out().stream().filter(record -> switch (until) {
            case Until.End _ -> true;
            case Until.Seq(long outSeq) -> record.seq() <= outSeq;
            case Until.Time(long epochMs) -> record.timestampMs() <= epochMs;
        }).toList();
        FenceLevel fences = new FenceLevel(0);
        shown = out.stream().filter(fences::admits).toList();
        untilMs = switch (until) {
            case Until.End _ -> Long.MAX_VALUE;
            case Until.Seq _ ->
                out.stream().mapToLong(StoredRecord::timestampMs).max().orElse(evidence.row().createdAt());
            case Until.Time(long epochMs) -> epochMs;
        };
    }

    /** @param evidence with a row */
    public static Replay of(SessionEvidence evidence, Until until) {
        Replaying replaying = new Replaying(evidence, until);
        List<StoredRecord> in = replaying.in();
        Timeline timeline = new Timeline();
        replaying.runs().forEach(run -> timeline.run(run, replaying.untilMs));
        in.forEach(timeline::in);
        replaying.shown.forEach(timeline::out);
        timeline.closed(evidence.row(), replaying.untilMs);
        return new Replay(evidence.row(), evidence.inComplete() && evidence.outComplete(),
                replaying.untilMs == Long.MAX_VALUE ? null : replaying.untilMs, timeline.inOrder(),
                TurnFold.conversation(in, replaying.shown), replaying.out.size() - replaying.shown.size());
    }

    /** What had arrived by then, and whatever a turn that counts has consumed: clocks of brokers may differ. */
    private List<StoredRecord> in() {
        long consumed = shown.stream().map(Boundary::of).flatMap(Optional::stream).mapToLong(Boundary::inSeq).max()
                .orElse(NONE);
        return evidence.in().stream()
                .filter(record -> record.timestampMs() <= untilMs || record.seq() <= consumed && record.seq() >= 0)
                .toList();
    }

    private List<SessionRunRow> runs() {
        long generation = out.stream().mapToLong(record -> Math.max(record.fence(), record.writer().generation())).max()
                .orElse(0);
        return evidence.runs().stream().filter(run -> run.requestedAt() <= untilMs || run.generation() <= generation)
                .toList();
    }
}
