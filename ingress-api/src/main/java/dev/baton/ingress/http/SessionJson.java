package dev.baton.ingress.http;

import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.ingress.view.KnownRun;
import dev.baton.ingress.view.Page;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/** Rows as clients see them: ISO times with milliseconds, absent values as explicit nulls (contract §1.1). */
final class SessionJson {
    private SessionJson() {}

    static ObjectNode item(SessionRow row) {
        ObjectNode item = listItem(row);
        item.set("triggerConfig", WireJson.MAPPER.valueToTree(row.triggerConfig()));
        return item;
    }

    /** Lists leave the trigger configuration out (contract §1.3). */
    private static ObjectNode listItem(SessionRow row) {
        ObjectNode item = WireJson.MAPPER.createObjectNode();
        item.put("id", row.id());
        item.put("externalId", row.externalId());
        item.put("type", row.type());
        item.put("taskIdentifier", row.taskIdentifier());
        item.put("currentRunId", row.currentRunId());
        ArrayNode tags = item.putArray("tags");
        if (row.tags() != null) {
            row.tags().forEach(tags::add);
        }
        item.set("metadata", row.metadata() == null ? null : row.metadata().tree());
        item.put("closedAt", iso(row.closedAt()));
        item.put("closedReason", row.closedReason());
        item.put("expiresAt", iso(row.expiresAt()));
        item.put("createdAt", iso(row.createdAt()));
        item.put("updatedAt", iso(row.updatedAt()));
        return item;
    }

    /** All that is told of a session that was deleted. */
    static ObjectNode receipt(SessionRow row) {
        ObjectNode receipt = WireJson.MAPPER.createObjectNode();
        receipt.put("id", row.id());
        receipt.put("externalId", row.externalId());
        receipt.put("createdAt", iso(row.createdAt()));
        receipt.put("closedAt", iso(row.closedAt()));
        receipt.put("deletedAt", iso(row.deletedAt()));
        return receipt;
    }

    static ObjectNode sessions(Page<SessionRow> page) {
        return page(page.map(SessionJson::listItem), page.map(PageCursors::of).rows());
    }

    static ObjectNode runs(Page<SessionRunRow> page) {
        return page(page.map(SessionJson::run), page.map(PageCursors::of).rows());
    }

    /** @param cursors one per row */
    private static ObjectNode page(Page<ObjectNode> page, List<String> cursors) {
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        answer.putArray("data").addAll(page.rows());
        ObjectNode pagination = answer.putObject("pagination");
        if (page.next()) {
            pagination.put("next", cursors.getLast());
        }
        if (page.previous()) {
            pagination.put("previous", cursors.getFirst());
        }
        return answer;
    }

    /** One run by itself: whom it serves and how it stands. */
    static ObjectNode runAlone(KnownRun known) {
        SessionRunRow row = known.row();
        ObjectNode run = run(row);
        run.put("sessionId", row.sessionId());
        run.put("chatId", row.chatId());
        run.put("taskIdentifier", row.taskIdentifier());
        run.put("status", known.status().label());
        return run;
    }

    static ObjectNode allRuns(Page<KnownRun> page) {
        return page(page.map(SessionJson::runAlone), page.map(known -> PageCursors.inAll(known.row())).rows());
    }

    private static ObjectNode run(SessionRunRow row) {
        ObjectNode run = WireJson.MAPPER.createObjectNode();
        run.put("runId", row.runId());
        run.put("reason", row.reason().label());
        run.put("generation", row.generation());
        run.put("previousRunId", row.previousRunId());
        run.put("requestedVersion", row.requestedVersion());
        run.put("workerVersion", row.workerVersion());
        run.put("attempt", row.attempt());
        run.put("requestedAt", iso(row.requestedAt()));
        run.put("startedAt", iso(row.startedAt()));
        run.put("endedAt", iso(row.endedAt()));
        run.put("outcome", row.outcome() == null ? null : row.outcome().label());
        run.put("error", row.error());
        run.put("turnsServed", row.turnsServed());
        return run;
    }

    private static String iso(Long epochMs) {
        return epochMs == null ? null : JsText.iso(epochMs);
    }
}
