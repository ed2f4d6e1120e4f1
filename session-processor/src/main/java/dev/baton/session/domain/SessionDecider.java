package dev.baton.session.domain;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

import dev.baton.wire.Names;
import dev.baton.wire.json.Json;
import dev.baton.wire.run.RunEvent;
import dev.baton.wire.session.RunOutcome;
import dev.baton.wire.session.SessionCommand;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionReply;
import dev.baton.wire.session.SessionReply.Refusal;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;
import dev.baton.wire.session.TriggerConfig;

/**
 * Judges commands and reports: the rules of a session, and nothing but the rules. Pure: the same state, command and
 * clock give the same decision, so that a decision which is taken again after a crash comes out the same.
 */
public final class SessionDecider {
    /** How long a part id is claimed (contract §2.5). */
    public static final Duration PART_CLAIM_TTL = Duration.ofSeconds(300);
    /** How many generations back a calling run is still recognised: bounds the work of one command. */
    static final int CALLING_GENERATIONS_MAX = 10_000;

    /**
     * What a command meets besides the state.
     *
     * @param at epoch milliseconds: the clock of the command
     * @param claimedSeq seq that the command's part id was given within {@link #PART_CLAIM_TTL}, if it was
     */
    public record Occasion(SessionKey key, long at, OptionalLong claimedSeq) {}

    private SessionDecider() {}

    /** Judges what the orchestrator reports of a run. */
    public static Decision decide(SessionState state, RunEvent event) {
        return RunEventDecider.decide(state, event);
    }

    /** Waits and side channels change nothing about a session: others judge them. */
    public static Decision decide(SessionState state, SessionCommand command, Occasion occasion) {
        return switch (state) {
            case SessionState.Absent absent -> decideAbsent(absent, command, occasion);
            case SessionState.Open open -> decideOpen(open, command, occasion);
            case SessionState.Closed closed -> decideClosed(closed, command, occasion);
            case SessionState.Deleted deleted -> decideDeleted(deleted, command);
        };
    }

    private static Decision decideAbsent(SessionState.Absent absent, SessionCommand command, Occasion occasion) {
        return switch (command) {
            case SessionCommand.CreateSession create -> create(absent, create, occasion);
            case SessionCommand.UpdateSession _,SessionCommand.AppendIn _,SessionCommand.CloseSession _,SessionCommand.DeleteSession _,SessionCommand.KeepHistory _,SessionCommand.EndAndContinue _,SessionCommand.CancelRun _,SessionCommand.SettleTurn _,SessionCommand.TrimOut _ ->
                refused(Refusal.NOT_FOUND, null);
            case SessionCommand.WaitCommand _,SessionCommand.AppendSide _ -> Decision.NOTHING;
        };
    }

    private static Decision decideOpen(SessionState.Open open, SessionCommand command, Occasion occasion) {
        boolean expired = open.facts().profile().expiredAt(occasion.at());
        return switch (command) {
            case SessionCommand.CreateSession _,SessionCommand.AppendIn _,SessionCommand.EndAndContinue _ when expired ->
                refused(Refusal.EXPIRED, null);
            case SessionCommand.CreateSession create -> converge(open, create, occasion.at());
            case SessionCommand.AppendIn append -> append(open, append, occasion);
            case SessionCommand.EndAndContinue handOver -> endAndContinue(open, handOver, occasion.at());
            case SessionCommand.UpdateSession update -> update(open, update, occasion.at());
            case SessionCommand.CloseSession close -> close(open, close, occasion.at());
            case SessionCommand.DeleteSession _ -> delete(open, occasion.at());
            case SessionCommand.KeepHistory _ -> keepHistory(open);
            case SessionCommand.CancelRun cancel -> cancel(open, cancel, occasion.at());
            case SessionCommand.SettleTurn turn -> settle(open, turn);
            case SessionCommand.TrimOut trim -> trim(open, trim);
            case SessionCommand.WaitCommand _,SessionCommand.AppendSide _ -> Decision.NOTHING;
        };
    }

    /** Closed is terminal; reports of its last run and patches still count (contract §1.5, §1.6). */
    private static Decision decideClosed(SessionState.Closed closed, SessionCommand command, Occasion occasion) {
        return switch (command) {
            case SessionCommand.CreateSession _,SessionCommand.AppendIn _,SessionCommand.EndAndContinue _ ->
                refused(Refusal.CLOSED, closed.closedReason());
            case SessionCommand.UpdateSession update -> update(closed, update, occasion.at());
            case SessionCommand.CloseSession _ ->
                new DecisionDraft(closed).answered(new SessionReply.SessionAnswered(closed.row(), true));
            case SessionCommand.DeleteSession _ -> delete(new DecisionDraft(closed), occasion.at());
            case SessionCommand.KeepHistory _ -> keepHistory(closed);
            case SessionCommand.CancelRun cancel -> cancel(closed, cancel, occasion.at());
            case SessionCommand.SettleTurn turn -> settle(closed, turn);
            case SessionCommand.TrimOut trim -> trim(closed, trim);
            case SessionCommand.WaitCommand _,SessionCommand.AppendSide _ -> Decision.NOTHING;
        };
    }

    /** The receipt is all that is left, and all that a repeat is told. */
    private static Decision decideDeleted(SessionState.Deleted deleted, SessionCommand command) {
        return switch (command) {
            case SessionCommand.CreateSession _ -> refused(Refusal.DELETED, null);
            case SessionCommand.DeleteSession _ ->
                new DecisionDraft(deleted).answered(new SessionReply.SessionAnswered(deleted.row(), true));
            case SessionCommand.UpdateSession _,SessionCommand.AppendIn _,SessionCommand.CloseSession _,SessionCommand.KeepHistory _,SessionCommand.EndAndContinue _,SessionCommand.CancelRun _,SessionCommand.SettleTurn _,SessionCommand.TrimOut _ ->
                refused(Refusal.NOT_FOUND, null);
            case SessionCommand.WaitCommand _,SessionCommand.AppendSide _ -> Decision.NOTHING;
        };
    }

    /** A new session and its first run in one step: no moment in which nobody will read {@code .in} (features #2). */
    private static Decision create(SessionState.Absent absent, SessionCommand.CreateSession create,
            Occasion occasion) {
        long at = occasion.at();
        SessionProfile profile = new SessionProfile(occasion.key().environmentId(), create.sessionId(),
                create.externalId(), create.sessionType(), create.taskIdentifier(), create.triggerConfig(),
                create.tags() == null ? List.of() : List.copyOf(create.tags()), create.metadata(), create.expiresAt(),
                at, at, null);
        if (!profile.key().equals(occasion.key())) {
            throw new IllegalArgumentException(
                    "expected a create under its own key " + profile.key() + ", but it came under " + occasion.key());
        }
        DecisionDraft draft = DecisionDraft.created(absent,
                new SessionEvent.SessionCreated(profile, InRecords.firstTurn(profile)));
        HandOver.ensureRun(draft, at);
        return draft.answered(new SessionReply.SessionAnswered(draft.row(), false));
    }

    /**
     * A repeated create: its config is for later runs, its message is for nobody (contract §1.2, features #4, #5). Tags,
     * metadata and expiry are taken where the command has them (X2).
     */
    private static Decision converge(SessionState.Open open, SessionCommand.CreateSession create, long at) {
        SessionProfile profile = open.facts().profile();
        DecisionDraft draft = new DecisionDraft(open);
        recordChange(draft, create.triggerConfig(), create.tags() == null ? profile.tags() : create.tags(),
                create.metadata() == null ? profile.metadata() : create.metadata(),
                create.expiresAt() == null ? profile.expiresAt() : create.expiresAt(), at);
        HandOver.ensureRun(draft, at);
        return draft.answered(new SessionReply.SessionAnswered(draft.row(), true));
    }

    private static Decision update(SessionState.Existing state, SessionCommand.UpdateSession update, long at) {
        SessionProfile profile = state.facts().profile();
        Json metadata = update.metadata() == null ? profile.metadata() : update.metadata();
        DecisionDraft draft = new DecisionDraft(state);
        recordChange(draft, profile.triggerConfig(), update.tags() == null ? profile.tags() : update.tags(),
                update.clearMetadata() ? null : metadata, profile.expiresAt(), at);
        return draft.answered(new SessionReply.SessionAnswered(draft.row(), true));
    }

    /** A change that changes nothing is no event. */
    private static void recordChange(DecisionDraft draft, TriggerConfig config, List<String> tags, Json metadata,
            Long expiresAt, long at) {
        SessionEvent.SessionUpdated change = new SessionEvent.SessionUpdated(config, List.copyOf(tags), metadata,
                expiresAt, at);
        SessionProfile before = draft.facts().profile();
        if (!before.updated(change).equals(before.touched(at))) {
            draft.record(change);
        }
    }

    /** Record, claim and the run that will answer, or nothing (design D2). */
    private static Decision append(SessionState.Open open, SessionCommand.AppendIn append, Occasion occasion) {
        DecisionDraft draft = new DecisionDraft(open);
        if (append.partId() != null && occasion.claimedSeq().isPresent()) {
            HandOver.ensureRun(draft, occasion.at());
            return draft.answered(new SessionReply.AppendAnswered(occasion.claimedSeq().getAsLong(), true));
        }
        // The first message is the older one: if it must go to .in for a successor, it goes first.
        HandOver.requeueFirstTurn(draft);
        long seq = draft.facts().cursors().nextInSeq();
        draft.record(new SessionEvent.InAppended(seq, append.body(), append.partId(), occasion.at()));
        HandOver.ensureRun(draft, occasion.at());
        return draft.answered(new SessionReply.AppendAnswered(seq, false));
    }

    /** Wakes a run that waits, so that it leaves; takes back one that nobody has yet; the caller itself knows. */
    private static Decision close(SessionState.Open open, SessionCommand.CloseSession close, long at) {
        DecisionDraft draft = new DecisionDraft(open);
        String withdrawnRunId = null;
        if (open.facts().ownership() instanceof Ownership.Alive alive
                && !alive.run().runId().equals(close.callingRunId())) {
            wake(draft, close.reason(), at);
            withdrawnRunId = alive instanceof Ownership.Requested ? alive.run().runId() : null;
        }
        draft.record(new SessionEvent.SessionClosed(at, close.reason(), withdrawnRunId));
        return draft.answered(new SessionReply.SessionAnswered(draft.row(), true));
    }

    /** Whoever waits for the next message gets it, and sees that there will be no other. */
    private static void wake(DecisionDraft draft, String reason, long at) {
        draft.record(new SessionEvent.InAppended(draft.facts().cursors().nextInSeq(),
                InRecords.close(draft.facts().profile(), reason), null, at));
    }

    private static Decision delete(SessionState.Open open, long at) {
        DecisionDraft draft = new DecisionDraft(open);
        wake(draft, null, at);
        draft.record(new SessionEvent.SessionClosed(at, null, null));
        return delete(draft, at);
    }

    /** A run that is alive loses the session first, as if it was cancelled: what it writes while it stops is refused. */
    private static Decision delete(DecisionDraft draft, long at) {
        if (draft.facts().ownership() instanceof Ownership.Alive) {
            recordCancelled(draft, at);
        }
        draft.record(new SessionEvent.SessionDeleted(at));
        return draft.answered(new SessionReply.SessionAnswered(draft.row(), false));
    }

    private static Decision keepHistory(SessionState.Existing state) {
        DecisionDraft draft = new DecisionDraft(state);
        if (state.facts().profile().historyKeeper() == null) {
            draft.record(new SessionEvent.HistoryKept(SessionRow.AGENT));
        }
        return draft.answered(new SessionReply.SessionAnswered(draft.row(), true));
    }

    /** Contract §1.7. A caller that was overtaken gets the run that owns the session, and leaves. */
    private static Decision endAndContinue(SessionState.Open open, SessionCommand.EndAndContinue handOver, long at) {
        SessionFacts facts = open.facts();
        DecisionDraft draft = new DecisionDraft(open);
        if (facts.ownership() instanceof Ownership.Alive alive
                && alive.run().runId().equals(handOver.callingRunId())) {
            int fruitlessRuns = HandOver.fruitlessRuns(facts, alive, SessionCursors.NONE, false);
            draft.record(new SessionEvent.RunEnded(at, RunOutcome.SUPERSEDED, null, SessionCursors.NONE, false,
                    fruitlessRuns));
            // Runs that only hand over to each other back off like runs that only crash.
            HandOver.toSuccessor(draft, handOver.reason(), handOver.requestedVersion(), at,
                    Backoff.after(fruitlessRuns));
            return draft.answered(new SessionReply.HandOverAnswered(draft.row().currentRunId(), true, draft.row()));
        }
        return everOwned(facts, handOver.callingRunId())
                ? draft.answered(new SessionReply.HandOverAnswered(draft.row().currentRunId(), false, null))
                : refused(Refusal.CALLING_RUN_UNKNOWN, null);
    }

    /**
     * For its session a cancelled run is over at once: what it writes while it stops is refused, and the next message gets a
     * run of its own (design D4, decision 0014). Being cancelled is no message's fault.
     */
    private static Decision cancel(SessionState.Existing state, SessionCommand.CancelRun cancel, long at) {
        DecisionDraft draft = new DecisionDraft(state);
        if (state.facts().ownership() instanceof Ownership.Alive alive
                && alive.run().runId().equals(cancel.runId())) {
            recordCancelled(draft, at);
        }
        return draft.answered(new SessionReply.SessionAnswered(draft.row(), true));
    }

    private static void recordCancelled(DecisionDraft draft, long at) {
        draft.record(new SessionEvent.RunEnded(at, RunOutcome.CANCELLED, null, SessionCursors.NONE, false,
                draft.facts().fruitlessRuns()));
    }

    /** Run ids follow from session and generation, so no list of them is kept. Newest first: that is who calls. */
    private static boolean everOwned(SessionFacts facts, String runId) {
        long newest = facts.ownership().lastRun().map(SessionRunRow::generation).orElse(0L);
        long oldest = Math.max(1, newest - CALLING_GENERATIONS_MAX + 1);
        for (long generation = newest; generation >= oldest; generation--) {
            if (Names.runId(facts.profile().id(), generation).equals(runId)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A turn-complete was seen on {@code .out}. One that an older generation wrote counts if it stands before the fence
     * of the current one, or if that fence is not known yet: then it was that run's last word before the hand-over. One
     * behind the fence is void (design D5). The reporter has dropped void records already; this is the second lock.
     * Reports never lower a cursor, and never raise one beyond what was appended.
     */
    private static Decision settle(SessionState.Existing state, SessionCommand.SettleTurn turn) {
        SessionFacts facts = state.facts();
        SessionCursors cursors = facts.cursors();
        long generation = turn.generation() == 0 ? facts.ownership().generation() : turn.generation();
        boolean voided = generation < facts.ownership().generation() && cursors.fenceOutSeq() != SessionCursors.NONE
                && turn.outSeq() > cursors.fenceOutSeq();
        long inSeq = Math.min(turn.inSeq(), cursors.lastInSeq());
        boolean newTurn = turn.outSeq() > cursors.settledOutSeq();
        DecisionDraft draft = new DecisionDraft(state);
        if (!voided && (newTurn || inSeq > cursors.settledInSeq())) {
            draft.record(new SessionEvent.TurnSettled(generation, inSeq, turn.outSeq(), newTurn));
        }
        return draft.answered(new SessionReply.SessionAnswered(draft.row(), true));
    }

    /** A trim backwards changes nothing (contract §2.6 C); one by a superseded run would hide what others wrote. */
    private static Decision trim(SessionState.Existing state, SessionCommand.TrimOut trim) {
        SessionFacts facts = state.facts();
        boolean superseded = trim.generation() != 0 && trim.generation() < facts.ownership().generation();
        DecisionDraft draft = new DecisionDraft(state);
        if (!superseded && trim.floorOutSeq() > facts.cursors().floorOutSeq()) {
            draft.record(new SessionEvent.OutTrimmed(trim.floorOutSeq()));
        }
        return draft.answered(new SessionReply.SessionAnswered(draft.row(), true));
    }

    private static Decision refused(Refusal refusal, String detail) {
        return new Decision(List.of(), List.of(new SessionEffect.Reply(new SessionReply.Refused(refusal, detail))));
    }
}
