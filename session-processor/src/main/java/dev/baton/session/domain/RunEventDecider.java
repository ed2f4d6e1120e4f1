package dev.baton.session.domain;

import dev.baton.wire.channel.Writer;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.RunReason;
import dev.baton.wire.session.TriggerConfig;

/**
 * Judges what the orchestrator reports. Only the current run can change anything: a report of an older generation, a
 * repeated one and one that comes after the end are dropped.
 */
final class RunEventDecider {
    /** A message that has killed so many runs in a row is given up, unless {@code maxAttempts} says another number. */
    static final int RUNS_KILLED_MAX = 3;

    private RunEventDecider() {}

    static Decision decide(SessionState state, RunEvent event) {
        return switch (state) {
            case SessionState.Absent _,SessionState.Deleted _ -> Decision.NOTHING;
            case SessionState.Existing existing -> switch (existing.facts().ownership()) {
                case Ownership.Vacant _ -> Decision.NOTHING;
                case Ownership.Alive alive when !isAbout(event, alive) -> Decision.NOTHING;
                case Ownership.Alive alive -> decide(existing, alive, event);
            };
        };
    }

    private static boolean isAbout(RunEvent event, Ownership.Alive alive) {
        return event.generation() == alive.generation() && event.runId().equals(alive.run().runId());
    }

    private static Decision decide(SessionState.Existing state, Ownership.Alive alive, RunEvent event) {
        return switch (event) {
            case RunEvent.RunStarted start -> started(state, alive, start);
            case RunEvent.RunEnded end -> ended(state, alive, end);
        };
    }

    private static Decision started(SessionState.Existing state, Ownership.Alive alive, RunEvent.RunStarted start) {
        boolean repeated = alive instanceof Ownership.Live && start.attempt() <= alive.run().attempt();
        if (repeated) {
            return Decision.NOTHING;
        }
        DecisionDraft draft = new DecisionDraft(state);
        draft.record(new SessionEvent.RunStarted(start.at(), start.attempt(), start.workerVersion(),
                start.fenceOutSeq()));
        return draft.silent();
    }

    private static Decision ended(SessionState.Existing state, Ownership.Alive alive, RunEvent.RunEnded end) {
        SessionFacts facts = state.facts();
        // A run cannot have settled what was never appended; a number from the blue must not silence later messages.
        long settledInSeq = end.settledInSeq() == null
                ? SessionCursors.NONE
                : Math.min(end.settledInSeq(), facts.cursors().lastInSeq());
        int fruitlessRuns = HandOver.fruitlessRuns(facts, alive, settledInSeq, end.firstTurnSettled());
        DecisionDraft draft = new DecisionDraft(state);
        draft.record(new SessionEvent.RunEnded(end.at(), end.outcome(), end.error(), settledInSeq,
                end.firstTurnSettled(), fruitlessRuns));
        if (needsSuccessor(state, draft.facts(), end)) {
            giveUpPoison(draft, alive, end.outcome());
        }
        if (needsSuccessor(state, draft.facts(), end)) {
            HandOver.toSuccessor(draft, RunReason.CONTINUATION, null, end.at(),
                    Backoff.after(draft.facts().fruitlessRuns()));
        }
        return draft.silent();
    }

    /**
     * Runs read {@code .in} in order, so what killed several of them in a row is the oldest message: the one in the payload
     * of the first run, else the next one to settle. It is settled with an error turn, in the name of the last run: before
     * the fence of its successor, so that readers see it.
     */
    private static void giveUpPoison(DecisionDraft draft, Ownership.Alive ended, RunOutcome outcome) {
        SessionFacts facts = draft.facts();
        int killed = facts.streak().killed();
        if (Streak.kills(outcome) && killed >= attemptsMax(facts.profile().triggerConfig())) {
            long inSeq = facts.firstTurn() == null ? facts.cursors().settledInSeq() + 1 : SessionCursors.NONE;
            draft.record(new SessionEvent.MessageGivenUp(inSeq, new Writer(ended.generation(), ended.run().runId()),
                    killed));
        }
    }

    /** A run has one attempt (decision 0013): what {@code maxAttempts} bounds is how many runs try one message. */
    private static int attemptsMax(TriggerConfig config) {
        return config == null || config.maxAttempts() == null ? RUNS_KILLED_MAX : config.maxAttempts();
    }

    /** Design D4: whoever cancels a run has chosen silence; in every other case an accepted message gets its run. */
    private static boolean needsSuccessor(SessionState.Existing state, SessionFacts facts, RunEvent.RunEnded end) {
        return switch (state) {
            case SessionState.Closed _ -> false;
            case SessionState.Open _ -> facts.unsettled() && end.outcome() != RunOutcome.CANCELLED
                    && !facts.profile().expiredAt(end.at());
        };
    }
}
