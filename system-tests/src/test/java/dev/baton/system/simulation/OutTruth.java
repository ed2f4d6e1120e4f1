package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

import dev.baton.wire.Names;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.channel.StoredRecord;

/**
 * The {@code .out} of one session, and what of it readers may see: told from the fences alone. Invariants: nobody writes
 * before its own fence, and no message is answered by two runs.
 */
final class OutTruth {
    private final Expect expect;
    private final TreeMap<Long, StoredRecord> records = new TreeMap<>();
    private final List<StoredRecord> visible = new ArrayList<>();
    private final Map<String, String> runByAnswered = new HashMap<>();
    private final Set<Long> givenUp = new HashSet<>();
    private long level;
    private long lastGivenUpBy;
    private long givenUpBefore;

    OutTruth(Expect expect) {
        this.expect = expect;
    }

    /** A commit may come behind records that follow it. */
    void add(StoredRecord stored) {
        boolean newest = records.isEmpty() || records.lastKey() < stored.offset();
        records.put(stored.offset(), stored);
        if (newest) {
            apply(stored);
            return;
        }
        visible.clear();
        runByAnswered.clear();
        givenUp.clear();
        level = 0;
        lastGivenUpBy = 0;
        givenUpBefore = 0;
        records.values().forEach(this::apply);
    }

    private void apply(StoredRecord stored) {
        if (stored.isFence()) {
            level = Math.max(level, stored.fence());
            return;
        }
        long generation = stored.writer().generation();
        boolean side = Names.namesSideChannel(stored.key().chatId());
        expect.that(side == (Entry.sideIn(stored.record().body()) != null),
                "records of side channels on side channels only, but %s has %s", stored.key(), stored.record().body());
        if (side) {
            // No fence stands there: the first record of a generation is one.
            level = Math.max(level, generation);
        }
        expect.that(generation <= level, "a fence of generation %d before the first record of it on .out of %s, but the"
                + " highest one before offset %d is %d", generation, stored.key(), stored.offset(), level);
        if (generation == level) {
            visible.add(stored);
            answer(stored);
        }
    }

    private void answer(StoredRecord stored) {
        String message = Conversation.answeredBy(stored);
        if (message != null) {
            String run = stored.writer().runId();
            String before = runByAnswered.putIfAbsent(message, run);
            expect.that(before == null || before.equals(run), "one run to answer %s, but both %s and %s did", message,
                    before, run);
        } else if (stored.record().isControl(ChannelRecord.TURN_COMPLETE)) {
            givenUpBefore = lastGivenUpBy;
            lastGivenUpBy = stored.writer().generation();
            givenUp.add(stored.record().header(ChannelRecord.SESSION_IN_EVENT_ID).map(Long::parseLong)
                    .orElse(InTruth.FIRST_TURN));
        }
    }

    /** The highest fence so far: whoever is below it cannot write any more. */
    long level() {
        return level;
    }

    /** Whether a run has answered it, or the server has because no run could. */
    boolean answered(String message, OptionalLong seq) {
        return runByAnswered.containsKey(message) || givenUp.contains(seq.orElse(InTruth.FIRST_TURN));
    }

    /** Seqs of messages that the server has answered with an error. */
    Set<Long> givenUp() {
        return givenUp;
    }

    /** Null when no run has. */
    String runThatAnswered(String message) {
        return runByAnswered.get(message);
    }

    /** Generation of the run in whose name it gave up last, 0 when it never did. */
    long lastGivenUpBy() {
        return lastGivenUpBy;
    }

    /** The same for the time before that. */
    long givenUpBefore() {
        return givenUpBefore;
    }

    /** Seqs of what a reader with this cursor must get, in order, as far as the log is stable. */
    List<Long> seqsAfter(long seq, long stableEnd) {
        int from = visible.size();
        while (from > 0 && visible.get(from - 1).seq() > seq) {
            from--;
        }
        return visible.subList(from, visible.size()).stream().map(StoredRecord::seq).filter(each -> each < stableEnd)
                .toList();
    }
}
