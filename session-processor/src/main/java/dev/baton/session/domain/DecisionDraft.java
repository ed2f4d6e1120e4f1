package dev.baton.session.domain;

import java.util.ArrayList;
import java.util.List;

import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionRow;

/**
 * A decision in the making: each event is applied at once, so that the next step of the same decision sees what the
 * steps before it have done. Lives for one call, on one thread.
 */
final class DecisionDraft {
    private final long rowVersionBefore;
    private final List<SessionEvent> events = new ArrayList<>();
    private final List<SessionEffect> effects = new ArrayList<>();
    private SessionState.Known state;

    DecisionDraft(SessionState.Known state) {
        this(state, state.facts().rowVersion());
    }

    private DecisionDraft(SessionState.Known state, long rowVersionBefore) {
        this.state = state;
        this.rowVersionBefore = rowVersionBefore;
    }

    /** Begins with a session that did not exist. */
    static DecisionDraft created(SessionState.Absent absent, SessionEvent.SessionCreated creation) {
        DecisionDraft draft = new DecisionDraft(absent.created(creation), 0);
        draft.note(creation);
        return draft;
    }

    void record(SessionEvent event) {
        switch (SessionEvolver.evolve(state, event)) {
            case SessionState.Known evolved -> state = evolved;
            case SessionState.Absent _ -> throw new IllegalStateException("a session never vanishes");
        }
        note(event);
    }

    private void note(SessionEvent event) {
        events.add(event);
        effects.addAll(SessionEffects.of(event, state));
    }

    SessionFacts facts() {
        return state.facts();
    }

    SessionRow row() {
        return state.row();
    }

    /** The row goes out before the answer and once, however many events have changed it. */
    Decision silent() {
        if (facts().rowVersion() != rowVersionBefore) {
            effects.add(new SessionEffect.PublishRow(row()));
        }
        return new Decision(events, effects);
    }

    Decision answered(SessionReply reply) {
        List<SessionEffect> all = new ArrayList<>(silent().effects());
        all.add(new SessionEffect.Reply(reply));
        return new Decision(events, all);
    }
}
