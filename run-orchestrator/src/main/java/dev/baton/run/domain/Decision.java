package dev.baton.run.domain;

import java.util.ArrayList;
import java.util.List;

/** What came of one input: changes of the queue, in order, and what others must hear of it. */
public record Decision(List<QueueEvent> events, List<RunEffect> effects) {
    public Decision {
        events = List.copyOf(events);
        effects = List.copyOf(effects);
    }

    /** Collects a decision; used by one thread for one input. */
    static final class Draft {
        private final List<QueueEvent> events = new ArrayList<>();
        private final List<RunEffect> effects = new ArrayList<>();

        Draft event(QueueEvent event) {
            events.add(event);
            return this;
        }

        Draft effect(RunEffect effect) {
            effects.add(effect);
            return this;
        }

        Decision done() {
            return new Decision(events, effects);
        }
    }
}
