package dev.baton.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import dev.baton.audit.domain.Extent;
import dev.baton.audit.domain.SessionEvidence;
import dev.baton.wire.Names;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.FenceLevel;
import dev.baton.wire.channel.ProtocolHeader;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.history.TurnFold;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/** What the topics tell of one session, written down step by step. Each record arrives ten milliseconds after the one before. */
public final class Story {
    public static final SessionKey CHAT = new SessionKey("env_dev", "chat-1");
    public static final String SESSION = "session_c1";
    /** When the session was created, epoch milliseconds. */
    public static final long CREATED_AT = 1_900_000_000_000L;
    private static final long STEP_MS = 10;

    private final List<StoredRecord> in = new ArrayList<>();
    private final List<StoredRecord> out = new ArrayList<>();
    private final TreeMap<Long, SessionRunRow> runs = new TreeMap<>();
    private UnaryOperator<SessionRow> rowChange = row -> row;
    private long now = CREATED_AT;
    private long outOffset = 100;
    private long inOffset = 500;
    private long settledInSeq = -1;
    private long settledOutSeq = -1;
    private long fenceOutSeq = -1;
    private Long closedAt;
    private Extent inExtent;
    private Extent outExtent;
    private long readAfterMs;

    /** Two turns by one run, which then leaves: everything fits together. */
    public static Story ofTwoTurns() {
        Story story = new Story().run(RunReason.INITIAL).firstMessage("m1", "hello").fence(1);
        story.answer(1, "a1", "hi").turn(1, -1).message(0, "m2", "more").answer(1, "a2", "gladly").turn(1, 0);
        return story.ended(1, RunOutcome.COMPLETED);
    }

    /** The session is handed to its next run. */
    public Story run(RunReason reason) {
        long generation = runs.size() + 1L;
        String previous = runs.isEmpty() ? null : runs.lastEntry().getValue().runId();
        runs.put(generation, new SessionRunRow(1, CHAT.environmentId(), SESSION, CHAT.chatId(), runId(generation),
                "echo", reason, generation, previous, null, "v1", 1, tick(), now, null, null, null, 0));
        fenceOutSeq = -1;
        return this;
    }

    public Story ended(long generation, RunOutcome outcome) {
        SessionRunRow row = runs.get(generation);
        runs.put(generation, new SessionRunRow(1, row.environmentId(), SESSION, row.chatId(), row.runId(), "echo",
                row.reason(), generation, row.previousRunId(), null, "v1", 1, row.requestedAt(), row.startedAt(),
                tick(), outcome,
                null, 0));
        return this;
    }

    public Story withoutRun(long generation) {
        runs.remove(generation);
        return this;
    }

    public Story changedRun(long generation, UnaryOperator<SessionRunRow> change) {
        runs.computeIfPresent(generation, (same, row) -> change.apply(row));
        return this;
    }

    public static String runId(long generation) {
        return Names.runId(SESSION, generation);
    }

    public Story firstMessage(String id, String text) {
        return in(StoredRecord.NO_SEQ, id, text);
    }

    public Story message(long seq, String id, String text) {
        return in(seq, id, text);
    }

    private Story in(long seq, String id, String text) {
        String data = "{\"kind\":\"message\",\"payload\":{\"trigger\":\"submit-message\",\"message\":{\"id\":\"" + id
                + "\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}}}";
        in.add(new StoredRecord(CHAT, Channel.IN, seq, inOffset++, tick(), ChannelRecord.ofText(data, "part-" + id),
                Writer.UNNAMED, 0));
        return this;
    }

    public Story fence(long generation) {
        fenceOutSeq = outOffset;
        out.add(new StoredRecord(CHAT, Channel.OUT, outOffset, outOffset++, tick(), new ChannelRecord("", List.of()),
                new Writer(0, runId(generation)), generation));
        return this;
    }

    /** A whole answer of one text. */
    public Story answer(long generation, String id, String text) {
        chunk(generation, "{\"type\":\"start\",\"messageId\":\"" + id + "\"}");
        chunk(generation, "{\"type\":\"text-start\",\"id\":\"t\"}");
        chunk(generation, "{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"" + text + "\"}");
        chunk(generation, "{\"type\":\"text-end\",\"id\":\"t\"}");
        return chunk(generation, "{\"type\":\"finish\"}");
    }

    public Story chunk(long generation, String json) {
        return out(generation, new ChannelRecord("{\"data\":" + json + ",\"id\":\"x\"}", List.of()));
    }

    /** A turn-complete; the newest one that is not void is settled. {@code inSeq} −1 names none. */
    public Story turn(long generation, long inSeq) {
        turnUnsettled(generation, inSeq);
        settledOutSeq = outOffset - 1;
        settledInSeq = Math.max(settledInSeq, inSeq);
        return this;
    }

    /** A turn-complete that has moved no cursor. */
    public Story turnUnsettled(long generation, long inSeq) {
        return out(generation, inSeq < 0
                ? ChannelRecord.control(ChannelRecord.TURN_COMPLETE)
                : ChannelRecord.control(ChannelRecord.TURN_COMPLETE,
                        new ProtocolHeader(ChannelRecord.SESSION_IN_EVENT_ID, Long.toString(inSeq))));
    }

    private Story out(long generation, ChannelRecord record) {
        Writer writer = generation == 0 ? Writer.UNNAMED : new Writer(generation, runId(generation));
        out.add(new StoredRecord(CHAT, Channel.OUT, outOffset, outOffset++, tick(), record, writer, 0));
        return this;
    }

    /** The seq of the newest record on {@code .out}. */
    public long lastOutSeq() {
        return outOffset - 1;
    }

    public Story closed() {
        closedAt = tick();
        return this;
    }

    public Story changedRow(UnaryOperator<SessionRow> change) {
        rowChange = change;
        return this;
    }

    /** Older records have left both topics. */
    public Story afterRetention(long outBegin, long inBegin) {
        out.removeIf(record -> record.offset() < outBegin);
        in.removeIf(record -> record.offset() < inBegin);
        outExtent = new Extent(outBegin, outOffset, now);
        inExtent = new Extent(inBegin, inOffset, now);
        return this;
    }

    /** Only what comes before this offset of {@code .out} was read. */
    public Story readUpTo(long outEnd) {
        out.removeIf(record -> record.offset() >= outEnd);
        outExtent = new Extent(0, outEnd, 0);
        return this;
    }

    /** The topics are read so long after the last record. */
    public Story readAfter(Duration time) {
        readAfterMs = time.toMillis();
        return this;
    }

    private long tick() {
        now += STEP_MS;
        return now;
    }

    public SessionRow row() {
        SessionRunRow last = runs.isEmpty() ? null : runs.lastEntry().getValue();
        long lastInSeq = in.stream().mapToLong(StoredRecord::seq).max().orElse(-1);
        return rowChange.apply(new SessionRow(1, 7, CHAT.environmentId(), SESSION, CHAT.chatId(), "chat.agent", "echo",
                null, List.of(), null, closedAt, null, null, CREATED_AT, now, last == null ? null : last.runId(),
                last == null ? 0 : last.generation(), last != null && last.endedAt() == null, lastInSeq, settledInSeq,
                settledOutSeq, fenceOutSeq, 0, null, null, null));
    }

    /** The row with other settled cursors. */
    public static SessionRow settled(SessionRow row, long inSeq, long outSeq) {
        return changed(row, inSeq, outSeq, row.fenceOutSeq(), row.expiresAt());
    }

    public static SessionRow fencedAt(SessionRow row, long outSeq) {
        return changed(row, row.settledInSeq(), row.settledOutSeq(), outSeq, row.expiresAt());
    }

    public static SessionRow expiring(SessionRow row, long expiresAt) {
        return changed(row, row.settledInSeq(), row.settledOutSeq(), row.fenceOutSeq(), expiresAt);
    }

    /** The row of a session whose agent keeps its history itself. */
    public static SessionRow keptByAgent(SessionRow row) {
        return new SessionRow(row.v(), row.rowVersion(), row.environmentId(), row.id(), row.externalId(), row.type(),
                row.taskIdentifier(), null, row.tags(), null, row.closedAt(), null, row.expiresAt(), row.createdAt(),
                row.updatedAt(), row.currentRunId(), row.generation(), row.runLive(), row.lastInSeq(),
                row.settledInSeq(), row.settledOutSeq(), row.fenceOutSeq(), 0, null, SessionRow.AGENT, null);
    }

    /** The receipt of a session that was deleted when its row was written last. */
    public static SessionRow deleted(SessionRow row) {
        return new SessionRow(row.v(), row.rowVersion() + 1, row.environmentId(), row.id(), row.externalId(),
                row.type(), row.taskIdentifier(), null, List.of(), null, row.updatedAt(), null, null, row.createdAt(),
                row.updatedAt(), runId(1), 1, false, row.lastInSeq(), row.settledInSeq(), row.settledOutSeq(),
                row.fenceOutSeq(), 0, null, null, row.updatedAt());
    }

    private static SessionRow changed(SessionRow row, long inSeq, long outSeq, long fenceOutSeq, Long expiresAt) {
        return new SessionRow(row.v(), row.rowVersion(), row.environmentId(), row.id(), row.externalId(), row.type(),
                row.taskIdentifier(), null, row.tags(), null, row.closedAt(), null, expiresAt, row.createdAt(),
                row.updatedAt(), row.currentRunId(), row.generation(), row.runLive(), row.lastInSeq(), inSeq, outSeq,
                fenceOutSeq, 0, null, row.historyKeeper(), row.deletedAt());
    }

    /** The provenance with another run before it. */
    public static SessionRunRow after(SessionRunRow run, String previousRunId) {
        return new SessionRunRow(run.v(), run.environmentId(), run.sessionId(), run.chatId(), run.runId(),
                run.taskIdentifier(), run.reason(), run.generation(), previousRunId, null, run.workerVersion(),
                run.attempt(), run.requestedAt(),
                run.startedAt(), run.endedAt(), run.outcome(), null, run.turnsServed());
    }

    public SessionEvidence evidence() {
        return evidence(row());
    }

    public SessionEvidence evidence(SessionRow row) {
        return new SessionEvidence(CHAT, row, List.copyOf(runs.values()), in, out,
                inExtent == null ? new Extent(0, inOffset, 0) : inExtent,
                outExtent == null ? new Extent(0, outOffset, 0) : outExtent, now + readAfterMs);
    }

    /** The snapshot that the snapshotter would have written at this turn-complete. */
    public Snapshot snapshotAt(long outSeq) {
        FenceLevel fences = new FenceLevel(0);
        List<StoredRecord> shown = out.stream().filter(fences::admits).toList();
        Boundary boundary = shown.stream().filter(record -> record.seq() == outSeq)
                .flatMap(record -> Boundary.of(record).stream()).findFirst().orElseThrow();
        return TurnFold.fold(Optional.empty(), in, shown, boundary, now);
    }

    public Snapshot snapshot() {
        return snapshotAt(settledOutSeq);
    }

    /** Long after everything. */
    public long later() {
        return now + 3_600_000;
    }
}
