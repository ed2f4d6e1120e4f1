package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.baton.wire.channel.StoredRecord;

/**
 * The {@code .out} of one session, and what of it readers may see: told from the fences alone. Invariants: nobody writes
 * before its own fence, and no message is answered by two runs.
 */
final class OutTruth {
    private final Expect expect;
    private final List<StoredRecord> visible = new ArrayList<>();
    private final Map<String, String> runByAnswered = new HashMap<>();
    private long level;

    OutTruth(Expect expect) {
        this.expect = expect;
    }

    void add(StoredRecord stored) {
        if (stored.isFence()) {
            level = Math.max(level, stored.fence());
            return;
        }
        long generation = stored.writer().generation();
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
        }
    }

    /** The highest fence so far: whoever is below it cannot write any more. */
    long level() {
        return level;
    }

    boolean answered(String message) {
        return runByAnswered.containsKey(message);
    }

    /** What a reader with this cursor must get, in order. */
    List<StoredRecord> visibleAfter(long seq) {
        int from = visible.size();
        while (from > 0 && visible.get(from - 1).seq() > seq) {
            from--;
        }
        return visible.subList(from, visible.size());
    }
}
