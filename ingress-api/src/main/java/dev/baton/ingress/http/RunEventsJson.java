package dev.baton.ingress.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.ingress.view.KnownRun;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.run.RunStep;
import dev.baton.wire.session.SessionRunRow;

/**
 * What happened to one run, oldest first: from its provenance that it was requested, started and ended, from its steps what
 * came in between and after (PROTOCOL 2.20).
 */
final class RunEventsJson {
    private RunEventsJson() {}

    private record Event(long at, ObjectNode json) {}

    static ObjectNode of(KnownRun run) {
        List<Event> events = new ArrayList<>();
        SessionRunRow row = run.row();
        events.add(requested(row));
        boolean startIsDue = row.startedAt() != null;
        for (RunStep step : run.steps().newest()) {
            if (startIsDue && step.type() != RunStep.Type.DISPATCHED && step.type() != RunStep.Type.RETURNED) {
                events.add(started(row));
                startIsDue = false;
            }
            events.add(step(step));
        }
        if (startIsDue) {
            events.add(started(row));
        }
        if (row.endedAt() != null) {
            events.add(ended(row));
        }
        // Stable: of two at the same moment the one that must have been first stays first.
        events.sort(Comparator.comparingLong(Event::at));
        ObjectNode answer = WireJson.MAPPER.createObjectNode();
        ArrayNode data = answer.putArray("data");
        events.forEach(event -> data.add(event.json()));
        answer.put("omitted", run.steps().omitted());
        return answer;
    }

    private static Event requested(SessionRunRow row) {
        Event event = event("requested", row.requestedAt());
        event.json().put("reason", row.reason().label()).put("generation", row.generation()).put("previousRunId",
                row.previousRunId());
        return event;
    }

    private static Event started(SessionRunRow row) {
        Event event = event("started", row.startedAt());
        event.json().put("attempt", row.attempt()).put("workerVersion", row.workerVersion());
        return event;
    }

    private static Event ended(SessionRunRow row) {
        Event event = event("ended", row.endedAt());
        event.json().put("outcome", row.outcome().label()).put("error", row.error());
        return event;
    }

    private static Event step(RunStep step) {
        Event event = event(step.type().label(), step.at());
        event.json().put("attempt", step.attempt()).put("workerId", step.workerId())
                .put("workerVersion", step.workerVersion()).put("reason", step.reason());
        return event;
    }

    private static Event event(String type, long at) {
        return new Event(at, WireJson.MAPPER.createObjectNode().put("type", type).put("at", JsText.iso(at)));
    }
}
