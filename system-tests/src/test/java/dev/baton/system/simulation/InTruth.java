package dev.baton.system.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

import dev.baton.wire.Names;
import dev.baton.wire.channel.StoredRecord;

/** The committed {@code .in} of one session. Invariant: seqs are dense from 0, and no message is there twice. */
final class InTruth {
    /** Instead of a seq: the message in the payload of the first run. */
    static final long FIRST_TURN = -1;

    private final Expect expect;
    /** By seq; null for what asks for no answer. */
    private final List<String> messages = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();
    private final List<Long> storedAtMs = new ArrayList<>();
    private String firstTurn;

    InTruth(Expect expect) {
        this.expect = expect;
    }

    void add(StoredRecord stored) {
        String message = idIn(stored);
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
        storedAtMs.add(stored.timestampMs());
    }

    /** What lies on a side channel was written for it, and what lies on the session's own channel for that. */
    private String idIn(StoredRecord stored) {
        String body = stored.record().body();
        String side = Entry.sideIn(body);
        expect.that((side != null) == Names.namesSideChannel(stored.key().chatId()),
                "records of side channels on side channels only, but %s has %s", stored.key(), body);
        return side == null ? Entry.messageIn(body) : side;
    }

    /** Null when there is no such record. */
    String messageAt(long seq) {
        if (seq == FIRST_TURN) {
            return firstTurn;
        }
        return seq >= 0 && seq < messages.size() ? messages.get((int) seq) : null;
    }

    /** How many records there are. */
    long size() {
        return messages.size();
    }

    /** When a record was stored. */
    long acceptedAt(long seq) {
        return storedAtMs.get((int) seq);
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
