package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

import dev.baton.wire.channel.StoredRecord;

/** The committed {@code .in} of one session. Invariant: seqs are dense from 0, and no message is there twice. */
final class InTruth {
    private final Expect expect;
    /** By seq; null for what asks for no answer. */
    private final List<String> messages = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();
    private String firstTurn;

    InTruth(Expect expect) {
        this.expect = expect;
    }

    void add(StoredRecord stored) {
        String message = Entry.of(stored).message();
        if (stored.seq() == StoredRecord.NO_SEQ) {
            firstTurn = message;
            return;
        }
        expect.that(stored.seq() == messages.size(), "seq %d to be next on .in of %s, but was %d", messages.size(),
                stored.key(), stored.seq());
        expect.that(message == null || !messages.contains(message),
                "%s to be on .in of %s once, but it came again as %d",
                message, stored.key(), stored.seq());
        messages.add(message);
        offsets.add(stored.offset());
    }

    /** Null when there is no such record. */
    String messageAt(long seq) {
        return seq >= 0 && seq < messages.size() ? messages.get((int) seq) : null;
    }

    /** Empty while it is in the payload of the first run only. */
    OptionalLong seqOf(String message) {
        int seq = messages.indexOf(message);
        return seq < 0 ? OptionalLong.empty() : OptionalLong.of(seq);
    }

    /** Seqs after this one that lie before an offset. */
    List<Long> seqsAfter(long seq, long stableEnd) {
        return LongStream.range(seq + 1, messages.size()).filter(each -> offsets.get((int) each) < stableEnd).boxed()
                .toList();
    }

    /** All messages that were accepted. */
    List<String> accepted() {
        List<String> accepted = new ArrayList<>(messages);
        accepted.add(firstTurn);
        accepted.removeIf(message -> message == null);
        return accepted;
    }
}
