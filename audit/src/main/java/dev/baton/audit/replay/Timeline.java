package dev.baton.audit.replay;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/** Facts of several sources, brought into one order by time; those of one channel keep the order of the channel. */
final class Timeline {
    /** @param order the latest time so far of its source, so that a clock that goes back reorders nothing */
    private record Placed(long order, ReplayFact fact) {}

    private final List<Placed> placed = new ArrayList<>();
    private long inOrder;
    private long outOrder;

    void run(SessionRunRow run, long untilMs) {
        place(new ReplayFact.RunRequested(run.requestedAt(), run.runId(), run.generation(), run.reason(),
                run.previousRunId(), run.requestedVersion()));
        if (run.startedAt() != null && run.startedAt() <= untilMs) {
            place(new ReplayFact.RunStarted(run.startedAt(), run.runId(), run.generation(), run.attempt(),
                    run.workerVersion()));
        }
        if (run.endedAt() != null && run.endedAt() <= untilMs) {
            place(new ReplayFact.RunEnded(run.endedAt(), run.runId(), run.generation(), run.outcome(), run.error()));
        }
    }

    void closed(SessionRow row, long untilMs) {
        if (row.closed() && row.closedAt() <= untilMs) {
            place(new ReplayFact.SessionClosed(row.closedAt(), row.closedReason()));
        }
        if (row.deleted() && row.deletedAt() <= untilMs) {
            place(new ReplayFact.SessionDeleted(row.deletedAt()));
        }
    }

    void in(StoredRecord record) {
        inOrder = Math.max(inOrder, record.timestampMs());
        placed.add(new Placed(inOrder, received(record)));
    }

    void out(StoredRecord record) {
        outOrder = Math.max(outOrder, record.timestampMs());
        written(record).ifPresent(fact -> placed.add(new Placed(outOrder, fact)));
    }

    List<ReplayFact> inOrder() {
        return placed.stream().sorted(Comparator.comparingLong(Placed::order)).map(Placed::fact).toList();
    }

    private void place(ReplayFact fact) {
        placed.add(new Placed(fact.at(), fact));
    }

    private static ReplayFact received(StoredRecord record) {
        JsonNode body = tree(record.record().body());
        JsonNode data = body.path("data").isTextual() ? tree(body.path("data").asText()) : body.path("data");
        return new ReplayFact.Received(record.timestampMs(), record.seq() == StoredRecord.NO_SEQ ? null : record.seq(),
                text(body.path("id")), text(data.path("kind")), text(data.path("payload").path("trigger")),
                text(data.path("payload").path("message").path("id")));
    }

    private static Optional<ReplayFact> written(StoredRecord record) {
        if (record.isFence()) {
            return Optional.of(new ReplayFact.Fenced(record.timestampMs(), record.seq(), record.fence(),
                    record.writer().runId()));
        }
        Optional<Boundary> boundary = Boundary.of(record);
        if (boundary.isPresent()) {
            long consumed = boundary.get().inSeq();
            return Optional.of(new ReplayFact.TurnCompleted(record.timestampMs(), record.seq(),
                    consumed == Boundary.NONE_CONSUMED ? null : consumed, record.writer().generation(),
                    record.writer().runId()));
        }
        return record.record().controlSubtype().map(subtype -> new ReplayFact.ControlWritten(record.timestampMs(),
                record.seq(), subtype, record.writer().generation()));
    }

    private static JsonNode tree(String text) {
        try {
            return WireJson.readTree(text);
        } catch (UncheckedIOException e) {
            return WireJson.MAPPER.missingNode();
        }
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : null;
    }
}
