package dev.baton.snapshot.turn;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.snapshot.domain.Boundary;
import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.history.ConversationFold;
import dev.baton.wire.history.Snapshot;
import dev.baton.wire.json.WireJson;

/**
 * Folds records onto a snapshot, turn by turn: the inputs of a turn, then its chunks, then its end. Same records, same
 * snapshot: no clock but the one that is passed in.
 */
final class TurnFold {
    private final ConversationFold fold;
    private final List<StoredRecord> inputs;
    private boolean firstTurn;
    private long inSeq;
    private long generation;

    private TurnFold(Optional<Snapshot> base, List<StoredRecord> inputs) {
        fold = new ConversationFold(base.map(Snapshot::messages).orElse(List.of()));
        inSeq = base.map(Snapshot::lastInSeq).orElse(Snapshot.NO_SEQ);
        // The base of a first boundary is empty, and the message a session is created with is part of it for good.
        firstTurn = base.map(Snapshot::lastOutSeq).orElse(Snapshot.NO_SEQ) == Snapshot.NO_SEQ;
        this.inputs = inputs.stream().sorted(Comparator.comparingLong(StoredRecord::offset)).toList();
    }

    /**
     * @param base the snapshot before, empty when there is none
     * @param in records of {@code .in}; those the base knows and those no turn consumed are passed over
     * @param out accepted records of {@code .out} before the boundary; those the base knows are passed over. Boundaries
     *     among them are those of turns that the base should have had
     */
    static Snapshot fold(Optional<Snapshot> base, List<StoredRecord> in, List<StoredRecord> out, Boundary boundary,
            long nowMs) {
        TurnFold fold = new TurnFold(base, in);
        long known = base.map(Snapshot::lastOutSeq).orElse(Snapshot.NO_SEQ);
        List<StoredRecord> turn = new ArrayList<>();
        for (StoredRecord record : out) {
            Optional<Boundary> earlier = Boundary.of(record);
            if (record.seq() <= known || record.seq() >= boundary.outSeq()) {
                continue;
            }
            if (earlier.isPresent()) {
                fold.turn(turn, earlier.get());
                turn.clear();
            } else {
                turn.add(record);
            }
        }
        fold.turn(turn, boundary);
        return Snapshot.of(nowMs, fold.fold.messages(), boundary.outSeq(), fold.inSeq);
    }

    private void turn(List<StoredRecord> out, Boundary boundary) {
        long consumed = inSeq;
        for (StoredRecord input : inputs) {
            boolean first = input.seq() == StoredRecord.NO_SEQ && firstTurn;
            if (first || input.seq() > inSeq && input.seq() <= boundary.inSeq()) {
                data(input).map(TurnFold::parsed).ifPresent(fold::input);
                // A cursor beyond what .in holds would hide messages that are still to come.
                consumed = Math.max(consumed, input.seq());
            }
        }
        inSeq = consumed;
        firstTurn = false;
        out.forEach(this::chunk);
        fold.completeTurn();
    }

    private void chunk(StoredRecord record) {
        long writer = record.isFence() ? record.fence() : record.writer().generation();
        if (writer > generation) {
            // Writing under a higher generation says as much as its fence, which may lie before what we read.
            fold.fence();
            generation = writer;
        }
        if (!record.isFence()) {
            data(record).filter(JsonNode::isObject).ifPresent(fold::chunk);
        }
    }

    /** Empty for control records and for bodies that are not {@code {"data":…}}: those are not for the history. */
    private static Optional<JsonNode> data(StoredRecord record) {
        if (!record.record().headers().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(WireJson.readTree(record.record().body()).get("data"));
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** Clients append text (contract §2.5): JSON as a rule; what is not stays text, as the SDK reads it. */
    private static JsonNode parsed(JsonNode data) {
        if (!data.isTextual()) {
            return data;
        }
        try {
            return WireJson.readTree(data.textValue());
        } catch (UncheckedIOException e) {
            return data;
        }
    }
}
