package dev.baton.session.domain;

import java.util.List;
import java.util.Optional;

import dev.baton.wire.session.SessionReply;

/**
 * What was decided.
 *
 * @param events to apply to the state, in order; none when nothing changes
 * @param effects to perform, in order
 */
public record Decision(List<SessionEvent> events, List<SessionEffect> effects) {
    public static final Decision NOTHING = new Decision(List.of(), List.of());

    public Decision {
        events = List.copyOf(events);
        effects = List.copyOf(effects);
    }

    /** The answer among the effects; reports of runs have none. */
    public Optional<SessionReply> reply() {
        return effects.stream().filter(SessionEffect.Reply.class::isInstance).map(SessionEffect.Reply.class::cast)
                .map(SessionEffect.Reply::reply).findFirst();
    }
}
