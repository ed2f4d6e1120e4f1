package dev.baton.session.domain;

import java.util.List;

import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.WaitRow;

/**
 * What was decided about waits.
 *
 * @param events to apply, in order
 * @param published rows as they are now, for everybody who asks
 * @param reply null where nobody asked
 */
public record WaitDecision(List<WaitEvent> events, List<WaitRow> published, SessionReply reply) {
    public static final WaitDecision NOTHING = new WaitDecision(List.of(), List.of(), null);

    public WaitDecision {
        events = List.copyOf(events);
        published = List.copyOf(published);
    }

    /** Applies the events. Total and blind, like the evolution of a session. */
    public Waits applyTo(Waits waits) {
        Waits evolved = waits;
        for (WaitEvent event : events) {
            evolved = switch (event) {
                case WaitEvent.WaitRegistered registered -> evolved.registered(registered.row(), registered.key());
                case WaitEvent.WaitsCompleted completed -> evolved.completed(completed.waitpointIds());
                case WaitEvent.DeadWaitsForgotten dead -> evolved.aliveAt(dead.at());
            };
        }
        return evolved;
    }
}
