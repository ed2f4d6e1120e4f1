package dev.baton.agent.chat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.agent.RunEnd;
import dev.baton.agent.http.CallRefusedException;
import dev.baton.agent.http.SupersededException;
import dev.baton.agent.http.UnreachableException;
import dev.baton.agent.session.Session;
import dev.baton.wire.channel.ChannelRecord;
import dev.baton.wire.session.RunReason;

/**
 * The life of one run: its boot, its turns, its end. All of it happens on the run's thread. If the process dies, the
 * successor finds the complete turns and the words of the open one on {@code .out}; a turn counts as answered from its
 * turn-complete on and not before.
 */
final class ChatRun<D> {
    private final RunScope<D> scope;
    private final RunContext<D> context;
    private final ChatStart<D> chatStart;
    private RecoveryPlan plan = RecoveryPlan.CONTINUE;
    private int turns;
    private boolean anythingDone;
    private boolean firstTurnSettled;
    private boolean actionsAreMissed;

    ChatRun(RunScope<D> scope) {
        this.scope = scope;
        this.context = scope.contextAtBoot();
        this.chatStart = new ChatStart<>(scope);
    }

    RunEnd serve() throws InterruptedException {
        boot();
        boolean leaving = false;
        while (true) {
            Optional<Inbox.Taken> taken = leaving ? scope.inbox().take(Duration.ZERO) : next();
            if (taken.isEmpty()) {
                scope.settleDeferred();
                return end(scope.inbox().settledSeq());
            }
            InEntry.Message message = taken.get().message();
            Next next = serve(taken.get());
            if (next == Next.HAND_OVER) {
                handOver();
                return end(message.seq() - 1);
            }
            consumed(message);
            if (next == Next.LEAVE) {
                scope.settleDeferred();
                return end(scope.inbox().settledSeq());
            }
            leaving |= next == Next.LEAVE_WHEN_EMPTY;
        }
    }

    /** Waits for the idle window, then parks for as long as the agent lets it. */
    private Optional<Inbox.Taken> next() throws InterruptedException {
        ChatEvent.Phase phase = phase();
        Duration idle = phase == ChatEvent.Phase.PRELOAD
                ? scope.limits().preloadIdleTimeout().orElse(scope.idleTimeout())
                : scope.idleTimeout();
        Optional<Inbox.Taken> taken = scope.inbox().take(idle);
        if (taken.isPresent() || scope.limits().turnTimeout().isZero() || scope.run().draining()) {
            return taken;
        }
        List<ObjectNode> messages = scope.conversation().history().copy().messages();
        logged("onChatSuspend",
                () -> scope.hooks().onChatSuspend().on(new ChatEvent.Suspend<>(context, phase, messages)));
        taken = scope.inbox().take(scope.limits().turnTimeout());
        if (taken.isPresent()) {
            logged("onChatResume",
                    () -> scope.hooks().onChatResume().on(new ChatEvent.Resume<>(context, phase, messages)));
        }
        return taken;
    }

    private ChatEvent.Phase phase() {
        if (anythingDone) {
            return ChatEvent.Phase.TURN;
        }
        return context.preloaded() ? ChatEvent.Phase.PRELOAD : ChatEvent.Phase.CONTINUATION;
    }

    private void logged(String hook, RunScope.AgentCode code) throws InterruptedException {
        scope.failureOf(code).ifPresent(e -> scope.warn(hook + " failed", e));
    }

    private void boot() throws InterruptedException {
        bootHook("onBoot", () -> scope.hooks().onBoot().on(new ChatEvent.Boot<>(context)));
        recover();
        if (context.preloaded()) {
            bootHook("onPreload", () -> scope.hooks().onPreload().on(new ChatEvent.Preload<>(context)));
        }
    }

    /** Nobody waits for a turn yet, so there is none that could end with an error: the run fails. */
    private void bootHook(String name, RunScope.AgentCode hook) throws InterruptedException {
        Optional<Exception> failure = scope.failureOf(hook);
        if (failure.isPresent()) {
            throw new IllegalStateException("expected " + name + " to return, but it threw", failure.get());
        }
    }

    private void recover() throws InterruptedException {
        Optional<ObjectNode> partial = scope.conversation().answer();
        if (scope.boot().interrupted().isEmpty() || partial.isEmpty()) {
            return;
        }
        Boot.Interrupted interrupted = scope.boot().interrupted().get();
        List<ObjectNode> waiting = scope.boot().waiting().stream().skip(1).map(InEntry.Message::message)
                .flatMap(Optional::stream).toList();
        History history = scope.conversation().history().without(interrupted.answerId()).copy();
        ObjectNode message = interrupted.message().message().or(history::lastUserMessage).orElseGet(
                partial.get()::objectNode);
        Optional<Exception> failure = scope.failureOf(() -> plan = Objects.requireNonNull(scope.hooks().onRecoveryBoot()
                .on(new ChatEvent.RecoveryBoot<>(context, history, message, partial.get(), waiting)), "plan"));
        failure.ifPresent(e -> scope.warn("onRecoveryBoot failed, continuing the answer", e));
    }

    private Next serve(Inbox.Taken taken) throws InterruptedException {
        Optional<Boot.Interrupted> interrupted = scope.boot().interrupted()
                .filter(turn -> !anythingDone && turn.message().equals(taken.message()));
        if (interrupted.isPresent() && plan == RecoveryPlan.KEEP_AS_IT_IS) {
            completeUnanswered();
            return Next.WAIT;
        }
        return switch (taken.message().trigger()) {
            case SUBMIT -> interrupted.isEmpty() && isAnswered(taken.message()) ? Next.WAIT : turn(taken, interrupted);
            case REGENERATE -> turn(taken, interrupted);
            // A message behind it is in nobody else's hands: a successor would find the close again, and leave.
            case CLOSE -> Next.LEAVE_WHEN_EMPTY;
            case ACTION -> action(taken, interrupted.isPresent());
            case NONE -> Next.WAIT;
        };
    }

    private boolean isAnswered(InEntry.Message message) {
        History history = scope.conversation().history();
        return message.answersTools()
                ? message.message().filter(history::answeredCalls).isPresent()
                : history.answered(message.messageId());
    }

    private Next turn(Inbox.Taken taken, Optional<Boot.Interrupted> interrupted) throws InterruptedException {
        Next next = new MessageTurn<>(scope, context, chatStart, taken, turns, interrupted, plan(interrupted)).take();
        if (next != Next.HAND_OVER) {
            turns++;
        }
        return next == Next.WAIT && turns >= scope.limits().maxTurns() ? Next.LEAVE : next;
    }

    private RecoveryPlan plan(Optional<Boot.Interrupted> interrupted) {
        return interrupted.isPresent() ? plan : RecoveryPlan.CONTINUE;
    }

    private Next action(Inbox.Taken taken, boolean interrupted) throws InterruptedException {
        if (scope.hooks().onAction().isEmpty() && !actionsAreMissed) {
            actionsAreMissed = true;
            scope.warn("actions come, but this agent has no onAction: they are ignored");
        }
        return new ActionTurn<>(scope, context, taken, turns, interrupted).take();
    }

    private void completeUnanswered() throws InterruptedException {
        scope.conversation().completeTurn(scope.inbox().settledSeq(), Optional.empty(), Optional.empty());
        scope.log().log("partial answer kept as it is");
    }

    private void consumed(InEntry.Message message) {
        anythingDone = true;
        scope.inbox().turnEnded();
        firstTurnSettled |= message.seq() == Session.FROM_START;
    }

    /**
     * The marker goes first: after the swap this run may not write any more. When the swap fails, the run leaves all the
     * same and its end starts the successor (features #145, design D4).
     */
    private void handOver() throws InterruptedException {
        scope.conversation().control(ChannelRecord.UPGRADE_REQUIRED, List.of());
        try {
            Session.HandOver answer = scope.run().session().endAndContinue(RunReason.UPGRADE);
            scope.log().log(answer.swapped() ? "handed over for an upgrade" : "another run owns the session already");
        } catch (SupersededException | UnreachableException | CallRefusedException e) {
            scope.log().addKeyValue("reason", e.getMessage()).log("hand-over failed, leaving all the same");
        }
    }

    private RunEnd end(long settledSeq) {
        return RunEnd.completed(settledSeq < 0 ? null : settledSeq, firstTurnSettled);
    }
}
