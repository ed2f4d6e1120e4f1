package dev.baton.agent.chat;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.history.ConversationFold;
import dev.baton.wire.json.WireJson;

/**
 * One turn for one message, in this order (features #209): client data, {@code onValidateMessages}, {@code hydrateMessages},
 * {@code onChatStart}, {@code onTurnStart}, {@code run}, {@code onBeforeTurnComplete}, turn-complete, {@code onTurnComplete}.
 * What throws before the turn-complete ends the turn there with an error.
 */
final class MessageTurn<D> {
    private final RunScope<D> scope;
    private final ChatStart<D> chatStart;
    private final InEntry.Message message;
    private final Optional<Boot.Interrupted> interrupted;
    private final Turn<D> turn;
    private boolean folded;

    /** @param interrupted when an earlier run has begun this turn */
    MessageTurn(RunScope<D> scope, RunContext<D> context, ChatStart<D> chatStart, Inbox.Taken taken, int number,
            Optional<Boot.Interrupted> interrupted, RecoveryPlan plan) {
        this.scope = scope;
        this.chatStart = chatStart;
        this.message = taken.message();
        this.interrupted = interrupted;
        this.folded = interrupted.isPresent();
        boolean continues = plan == RecoveryPlan.CONTINUE;
        AnswerStream answer = scope.answer(taken, number, interrupted.filter(_ -> continues), !continues);
        turn = new Turn<>(scope, context, number, message.trigger(), history().copy(),
                interrupted.filter(_ -> continues)
                        .flatMap(_ -> scope.conversation().answer()),
                answer, taken.stop());
    }

    Next take() throws InterruptedException {
        scope.tokens().prepare();
        Optional<Exception> failure = scope.failureOf(this::prepare);
        if (failure.isEmpty() && turn.handsOver()) {
            return Next.HAND_OVER;
        }
        if (!folded) {
            scope.conversation().input(message);
        }
        if (failure.isEmpty()) {
            turn.running();
            failure = scope.failureOf(() -> scope.hooks().run().on(turn));
        }
        turn.closing();
        scope.settleDeferred();
        if (failure.isEmpty() && !turn.stopped()) {
            scope.conversation().answered();
            turn.compactAfterwards();
        }
        if (failure.filter(e -> !(e instanceof TurnStoppedException)).isEmpty()) {
            failure = scope.failureOf(this::beforeTurnComplete);
        }
        complete(failure);
        return turn.next();
    }

    private void prepare() throws Exception {
        turn.knows(turn.run().withClientData(scope.clientData(message)));
        InEntry.Message checked = scope.validated(turn, message);
        if (turn.handsOver()) {
            return;
        }
        History before = history();
        if (!folded || checked != message) {
            scope.conversation().input(checked);
            folded = true;
        }
        hydrate(before, checked);
        if (turn.handsOver()) {
            return;
        }
        chatStart.fire(turn, before);
        if (!turn.handsOver()) {
            scope.hooks().onTurnStart().on(new ChatEvent.TurnStart<>(turn));
        }
    }

    /**
     * Without any part of the answer that an earlier run has begun, unless that answer goes on with a message that was there
     * before.
     */
    private History history() {
        History all = scope.conversation().history();
        return interrupted.filter(_ -> !message.answersTools()).map(begun -> all.without(begun.answerId())).orElse(all);
    }

    private void hydrate(History before, InEntry.Message checked) throws Exception {
        History history = history().copy();
        if (scope.hooks().hydrateMessages().isPresent()) {
            Optional<ObjectNode> incoming = checked.incoming().filter(_ -> !checked.answersTools());
            List<ObjectNode> messages = scope.hooks().hydrateMessages().get()
                    .on(new ChatEvent.HydrateMessages<>(turn, incoming, before.copy().messages()));
            history = checked.answersTools() ? answered(messages, checked) : new History(messages);
        }
        ObjectNode toAnswer = history.userMessage(checked.messageId()).or(history::lastUserMessage)
                .orElseGet(WireJson.MAPPER::createObjectNode);
        turn.answers(history, toAnswer);
    }

    /** A history of somebody else with the answers to its tool calls (features #219). */
    private static History answered(List<ObjectNode> messages, InEntry.Message answers) {
        ConversationFold fold = new ConversationFold(messages);
        fold.input(answers.data());
        return new History(fold.messages());
    }

    private void beforeTurnComplete() throws Exception {
        scope.hooks().onBeforeTurnComplete()
                .on(new ChatEvent.BeforeTurnComplete<>(turn, scope.conversation().answer()));
    }

    private void complete(Optional<Exception> failure) throws InterruptedException {
        Optional<Exception> error = failure.filter(e -> !(e instanceof TurnStoppedException));
        TurnEnd.write(scope, turn, error);
        Optional<ObjectNode> response = error.isPresent() ? Optional.empty() : scope.conversation().answer();
        long lastEventId = TurnEnd.complete(scope, turn);
        List<ObjectNode> messages = messagesAfter(response);
        Optional<Exception> late = scope.failureOf(() -> scope.hooks().onTurnComplete()
                .on(new ChatEvent.TurnComplete<>(turn, response, error, messages, finishReason(error), lastEventId)));
        // Clients were told that the turn is over: an error now would be that of a turn which nobody asked for.
        late.ifPresent(e -> scope.warn("onTurnComplete failed", e));
        TurnEnd.closeSession(scope, turn);
    }

    private Optional<FinishReason> finishReason(Optional<Exception> error) {
        return error.isPresent() ? Optional.of(FinishReason.ERROR) : turn.answer().finishReason();
    }

    private List<ObjectNode> messagesAfter(Optional<ObjectNode> response) {
        History after = scope.hooks().hydrateMessages().isPresent()
                ? response.map(turn.history()::with).orElse(turn.history())
                : scope.conversation().history();
        return after.copy().messages();
    }
}
