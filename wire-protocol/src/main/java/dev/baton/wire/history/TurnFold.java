package dev.baton.wire.history;

import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.json.WireJson;

/**
 * Folds the records of one session as they lie in the topics, turn by turn. Same records, same messages: no clock but the
 * one that is passed in. The snapshotter writes with it, an auditor checks with it.
 */
public final class TurnFold {
    private TurnFold() {}

    /**
     * @param base the snapshot before, empty when there is none
     * @param in records of {@code .in}; those the base knows and those no turn consumed are passed over
     * @param out accepted records of {@code .out} before the boundary; those the base knows are passed over. Boundaries
     *     among them are those of turns that the base should have had
     */
    public static Snapshot fold(Optional<Snapshot> base, List<StoredRecord> in, List<StoredRecord> out,
            Boundary boundary, long nowMs) {
        long known = base.map(Snapshot::lastOutSeq).orElse(Snapshot.NO_SEQ);
        TailFold fold = withInputs(base, in);
        out.stream().filter(record -> record.seq() > known && record.seq() < boundary.outSeq())
                .forEach(record -> add(fold, record));
        fold.completeTurn(boundary.outSeq(), boundary.inSeq());
        return Snapshot.of(nowMs, fold);
    }

    /**
     * The whole conversation, with the turn that is not over yet: what no turn has consumed comes before its answer.
     *
     * @param in records of {@code .in}
     * @param out accepted records of {@code .out} in order
     */
    public static List<ObjectNode> conversation(List<StoredRecord> in, List<StoredRecord> out) {
        TailFold fold = withInputs(Optional.empty(), in);
        out.forEach(record -> add(fold, record));
        return fold.messagesWithOpenAnswer();
    }

    private static TailFold withInputs(Optional<Snapshot> base, List<StoredRecord> in) {
        TailFold fold = new TailFold(base);
        in.stream().sorted(Comparator.comparingLong(StoredRecord::offset)).forEach(record -> fold.input(
                new TailFold.Input(record.seq(),
                        data(record).map(TurnFold::parsed).orElse(MissingNode.getInstance()))));
        return fold;
    }

    private static void add(TailFold fold, StoredRecord record) {
        Optional<Boundary> boundary = Boundary.of(record);
        fold.writtenBy(record.isFence() ? record.fence() : record.writer().generation());
        if (boundary.isPresent()) {
            fold.completeTurn(boundary.get().outSeq(), boundary.get().inSeq());
        } else if (!record.isFence()) {
            data(record).ifPresent(fold::chunk);
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
