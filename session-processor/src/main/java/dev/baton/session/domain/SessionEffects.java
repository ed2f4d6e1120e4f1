package dev.baton.session.domain;

import java.util.ArrayList;
import java.util.List;

import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.run.RunRequest;
import dev.baton.wire.session.RunOutcome;

/** What each event asks of the world, given the state right after it. The public row follows once, per decision. */
final class SessionEffects {
    private SessionEffects() {}

    static List<SessionEffect> of(SessionEvent event, SessionState.Known after) {
        SessionFacts facts = after.facts();
        return switch (event) {
            case SessionEvent.SessionCreated creation -> creation.firstTurn() == null
                    ? List.of()
                    : List.of(new SessionEffect.WriteFirstTurn(record(creation.firstTurn())));
            case SessionEvent.SessionUpdated _,SessionEvent.OutTrimmed _,SessionEvent.HistoryKept _ -> List.of();
            case SessionEvent.InAppended append -> appended(append);
            case SessionEvent.FirstTurnRequeued requeue ->
                List.of(new SessionEffect.WriteIn(requeue.seq(), record(requeue.body())));
            case SessionEvent.SessionClosed close -> closed(close, facts.profile());
            case SessionEvent.SessionDeleted _ -> List.of(
                    new SessionEffect.RemoveProvenance(facts.profile().id(), facts.ownership().generation()));
            case SessionEvent.RunHandedOver handOver -> handedOver(handOver, facts.profile());
            case SessionEvent.RunStarted _ -> provenance(facts);
            case SessionEvent.RunEnded end -> ended(end, facts);
            case SessionEvent.TurnSettled turn -> settled(turn, facts);
            case SessionEvent.MessageGivenUp givenUp -> List
                    .of(new SessionEffect.WriteOut(ErrorTurn.records(facts.profile(), givenUp), givenUp.lastRun()));
        };
    }

    private static List<SessionEffect> appended(SessionEvent.InAppended append) {
        List<SessionEffect> effects = new ArrayList<>();
        effects.add(new SessionEffect.WriteIn(append.seq(), record(append.body())));
        if (append.partId() != null) {
            effects.add(new SessionEffect.ClaimPart(append.partId(), append.seq(), append.at()));
        }
        return effects;
    }

    private static List<SessionEffect> closed(SessionEvent.SessionClosed close, SessionProfile profile) {
        return close.withdrawnRunId() == null
                ? List.of()
                : List.of(new SessionEffect.WithdrawRun(profile.taskIdentifier(),
                        new RunRequest.WithdrawRun(close.withdrawnRunId(), profile.key(), close.at())));
    }

    private static List<SessionEffect> handedOver(SessionEvent.RunHandedOver handOver, SessionProfile profile) {
        return List.of(new SessionEffect.PublishProvenance(handOver.run()),
                new SessionEffect.RequestRun(profile.taskIdentifier(),
                        RunStart.request(profile, handOver.run(), handOver.notBefore())));
    }

    /** Whoever cancelled it: the orchestrator takes back a run that it still has, and does nothing about another one. */
    private static List<SessionEffect> ended(SessionEvent.RunEnded end, SessionFacts facts) {
        List<SessionEffect> effects = new ArrayList<>(provenance(facts));
        if (end.outcome() == RunOutcome.CANCELLED) {
            facts.ownership().lastRun().map(run -> new SessionEffect.WithdrawRun(facts.profile().taskIdentifier(),
                    new RunRequest.WithdrawRun(run.runId(), facts.profile().key(), end.at()))).ifPresent(effects::add);
        }
        return effects;
    }

    private static List<SessionEffect> provenance(SessionFacts facts) {
        List<SessionEffect> effects = new ArrayList<>();
        facts.ownership().lastRun().map(SessionEffect.PublishProvenance::new).ifPresent(effects::add);
        return effects;
    }

    private static List<SessionEffect> settled(SessionEvent.TurnSettled turn, SessionFacts facts) {
        if (turn.newTurn() && facts.servedByPrevious(turn)) {
            return List.of(new SessionEffect.PublishProvenance(facts.previousRun()));
        }
        return turn.newTurn() && facts.ownership().generation() == turn.generation() ? provenance(facts) : List.of();
    }

    private static ChannelRecord record(String body) {
        return new ChannelRecord(body, List.of());
    }
}
