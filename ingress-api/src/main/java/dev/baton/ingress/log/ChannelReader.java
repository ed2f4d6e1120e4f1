package dev.baton.ingress.log;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.baton.ingress.tail.Delivery;
import dev.baton.ingress.tail.PartitionTail;
import dev.baton.ingress.tail.ReadPlan;
import dev.baton.ingress.tail.Subscription;
import dev.baton.ingress.tail.TailEntry;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;

/**
 * Reads channels by cursor (design D3, D6): finds the offset at which a reader must begin, and for reads that promise
 * to show everything acknowledged before them, waits until the tail has passed the end of the log.
 */
public final class ChannelReader {
    /** The clocks of broker and ingress may differ by this much where a session's age bounds a scan. */
    private static final Duration CLOCK_SKEW_MAX = Duration.ofSeconds(5);
    /** An open transaction of a dead processor holds the committed end back: a read then shows what there is. */
    private static final Duration BARRIER_PATIENCE = Duration.ofSeconds(2);
    private static final Duration STEP = Duration.ofMillis(500);
    /** A read that does not wait for new records gives up after this. */
    private static final Duration READ_PATIENCE = Duration.ofSeconds(25);

    private final Map<Channel, ChannelLog> logs;

    public ChannelReader(ChannelLog in, ChannelLog out) {
        this.logs = new EnumMap<>(Map.of(Channel.IN, in, Channel.OUT, out));
    }

    /**
     * What is read.
     *
     * @param key of the channel's records
     * @param extent null when there is no session
     */
    public record Target(SessionKey key, Channel channel, Extent extent) {
        /** One of the two channels of a session. @param row null when there is none */
        public static Target of(SessionKey key, Channel channel, SessionRow row) {
            return new Target(key, channel, row == null
                    ? null
                    : new Extent(row.createdAt(), row.floorOutSeq(), row.settledOutSeq(), row.fenceOutSeq(),
                            row.generation()));
        }

        /** A side channel: as old as its session at most, and nothing else is known of it. */
        public static Target ofSideChannel(SessionKey key, Channel channel, SessionRow row) {
            return new Target(key, channel, row == null ? null : new Extent(row.createdAt(), 0, -1, -1, 0));
        }
    }

    /**
     * What is known of where the records of a channel lie; the seqs are those of {@code .out}, −1 where there is none.
     *
     * @param createdAt epoch milliseconds: nothing is older
     * @param floorOutSeq first seq that readers see
     * @param settledOutSeq of the newest turn-complete
     * @param fenceOutSeq of the fence of {@code generation}
     */
    public record Extent(long createdAt, long floorOutSeq, long settledOutSeq, long fenceOutSeq, long generation) {}

    /** Everything after the cursor, from the first surviving record when it is absent, and then what comes. */
    public Subscription follow(Target target, OptionalLong cursor) {
        return tail(target).subscribe(plan(target, cursor, true));
    }

    /** Only what is appended from now on. */
    public Subscription followFromEnd(Target target) {
        long end = passEnd(target);
        return tail(target).subscribe(new ReadPlan(target.key(), end, -1, fenceLevel(target, end), true));
    }

    /** Everything after the cursor that was acknowledged before this call; never waits for more. */
    public Subscription readNow(Target target, OptionalLong cursor) {
        passEnd(target);
        return tail(target).subscribe(plan(target, cursor, false));
    }

    /** Runs {@link #readNow} to its end. */
    public void forEach(Target target, OptionalLong cursor, Consumer<TailEntry> each) throws InterruptedException {
        try (Subscription records = readNow(target, cursor)) {
            drainAll(records, each);
        }
    }

    /**
     * Everything that was acknowledged before this call, for a fold: on {@code .in} the message a session was created with comes
     * first, with seq −1. It lies before every record with a seq, so the reading begins where the session does.
     *
     * @param target of a session
     */
    public void forEachFromCreation(Target target, Consumer<TailEntry> each) throws InterruptedException {
        if (target.channel() == Channel.OUT) {
            forEach(target, OptionalLong.empty(), each);
            return;
        }
        passEnd(target);
        ReadPlan plan = new ReadPlan(target.key(), birth(log(target), target), ReadPlan.WITH_FIRST_TURN, 0, false);
        try (Subscription records = tail(target).subscribe(plan)) {
            drainAll(records, each);
        }
    }

    /** The first record after the cursor that was acknowledged before this call. */
    public Optional<TailEntry> first(Target target, OptionalLong cursor) throws InterruptedException {
        TailEntry[] found = new TailEntry[1];
        try (Subscription records = readNow(target, cursor)) {
            drain(records, entry -> {
                found[0] = entry;
                return false;
            });
        }
        return Optional.ofNullable(found[0]);
    }

    /** Whether the last record that readers see ended a turn or the session (contract §2.3). */
    public boolean settled(Target target) throws InterruptedException {
        passEnd(target);
        Optional<TailEntry> newest = tail(target).newest(target.key());
        if (newest.isPresent()) {
            return newest.get().settles() && newest.get().seq() >= floor(target);
        }
        Extent extent = target.extent();
        OptionalLong before = extent == null || extent.settledOutSeq() <= 0
                ? OptionalLong.empty()
                : OptionalLong.of(extent.settledOutSeq() - 1);
        TailEntry[] last = new TailEntry[1];
        try (Subscription records = tail(target).subscribe(plan(target, before, false))) {
            drain(records, entry -> {
                last[0] = entry;
                return true;
            });
        }
        return last[0] != null && last[0].settles();
    }

    private void drainAll(Subscription records, Consumer<TailEntry> each) throws InterruptedException {
        drain(records, entry -> {
            each.accept(entry);
            return true;
        });
    }

    /** @param goOn gets each record; false ends the reading */
    private void drain(Subscription records, Predicate<TailEntry> goOn) throws InterruptedException {
        long deadline = System.nanoTime() + READ_PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            switch (records.take(STEP)) {
                case Delivery.Records found -> {
                    if (!found.entries().stream().allMatch(goOn)) {
                        return;
                    }
                }
                case Delivery.Finished _ -> {
                    return;
                }
                case Delivery.Silence _ -> {
                    // A catch-up pass is still on its way.
                }
                case Delivery.Broken broken -> throw new LogUnavailableException(broken.reason(), null);
            }
        }
        throw new LogUnavailableException("the channel was not read within " + READ_PATIENCE, null);
    }

    private ReadPlan plan(Target target, OptionalLong cursor, boolean waits) {
        long from = switch (target.channel()) {
            case OUT -> firstOutOffset(target, cursor);
            case IN -> firstInOffset(target, cursor);
        };
        return new ReadPlan(target.key(), from, cursor.orElse(-1), fenceLevel(target, from), waits);
    }

    /**
     * A cursor of {@code .out} is an offset; without one the session's age and floor say where it begins. The record at
     * the cursor is read once more, though the reader has it: it names a generation whose fence lies before it, and our
     * row of the session may be older than that.
     */
    private long firstOutOffset(Target target, OptionalLong cursor) {
        Extent extent = target.extent();
        long floor = floor(target);
        if (cursor.isPresent()) {
            return Math.max(cursor.getAsLong(), floor);
        }
        ChannelLog log = log(target);
        return extent == null ? log.start(target.key()) : Math.max(floor, birth(log, target));
    }

    /** What lies before it was trimmed: it is in the log for auditors, and readers of the protocol do not see it. */
    private static long floor(Target target) {
        return target.extent() == null || target.channel() == Channel.IN ? 0 : target.extent().floorOutSeq();
    }

    /** Seqs of {@code .in} are dense: when the ring has the next one it has all of them. */
    private long firstInOffset(Target target, OptionalLong cursor) {
        ChannelLog log = log(target);
        if (target.extent() == null) {
            // Nothing is ever appended to .in of a session without a row.
            return log.end(target.key());
        }
        OptionalLong recent = tail(target).offsetOfDenseSeq(target.key(), cursor.orElse(-1) + 1);
        return recent.isPresent() ? recent.getAsLong() : birth(log, target);
    }

    private long birth(ChannelLog log, Target target) {
        return log.offsetAtTime(target.key(), target.extent().createdAt() - CLOCK_SKEW_MAX.toMillis());
    }

    private long fenceLevel(Target target, long from) {
        Extent extent = target.extent();
        boolean behindFence = target.channel() == Channel.OUT && extent != null && extent.fenceOutSeq() >= 0
                && from > extent.fenceOutSeq();
        return behindFence ? extent.generation() : 0;
    }

    private long passEnd(Target target) {
        long end = log(target).end(target.key());
        try {
            tail(target).awaitPosition(end, BARRIER_PATIENCE);
            return end;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailableException("interrupted while waiting for the end of the log", e);
        }
    }

    private ChannelLog log(Target target) {
        return logs.get(target.channel());
    }

    private PartitionTail tail(Target target) {
        return log(target).tail(target.key());
    }
}
