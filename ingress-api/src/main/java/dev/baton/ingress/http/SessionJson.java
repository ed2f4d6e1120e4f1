package dev.baton.ingress.http;

import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.ingress.view.OwnedRun;
import dev.baton.ingress.view.Page;
import dev.baton.ingress.view.RunStatus;
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

    /** One run by itself: who it is for, how it stands, and what happened to it, oldest first. */
    static ObjectNode runAlone(OwnedRun owned) {
        SessionRunRow row = owned.run();
        ObjectNode run = run(row);
        run.put("sessionId", row.sessionId());
        run.put("chatId", row.chatId());
        run.put("taskIdentifier", owned.session().taskIdentifier());
        run.put("status", RunStatus.of(row).label());
        return run;
    }

    static ObjectNode allRuns(Page<OwnedRun> page) {
        return page(page.map(SessionJson::runAlone), page.map(owned -> PageCursors.inAll(owned.run())).rows());
    }

    static ObjectNode events(SessionRunRow row) {
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        ArrayNode events = answer.putArray("data");
        event(events, "requested", row.requestedAt()).put("reason", row.reason().label()).put("previousRunId",
                row.previousRunId());
        if (row.startedAt() != null) {
            event(events, "started", row.startedAt()).put("attempt", row.attempt()).put("workerVersion",
                    row.workerVersion());
        }
        if (row.endedAt() != null) {
            event(events, "ended", row.endedAt()).put("outcome", row.outcome().label()).put("error", row.error());
        }
        return answer;
    }

    private static ObjectNode event(ArrayNode events, String type, long at) {
        return events.addObject().put("type", type).put("at", iso(at));
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
