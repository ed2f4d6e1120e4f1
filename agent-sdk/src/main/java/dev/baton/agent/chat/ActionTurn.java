package dev.baton.agent.chat;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One action (features #231): client data, {@code hydrateMessages}, {@code onAction}, turn-complete. No other hook fires and
 * no turn is counted. An answer that an earlier run has begun to an action is replaced, because its code runs again from the
 * start.
 */
final class ActionTurn<D> {
    private final RunScope<D> scope;
    private final InEntry.Message message;
    private final Turn<D> turn;

    ActionTurn(RunScope<D> scope, RunContext<D> context, Inbox.Taken taken, int nextTurn, boolean interrupted) {
        this.scope = scope;
        this.message = taken.message();
        turn = new Turn<>(scope, context, nextTurn, Trigger.ACTION, scope.conversation().history().copy(),
                Optional.empty(),
                scope.answer(taken, nextTurn, Optional.empty(), interrupted), taken.stop());
    }

    Next take() throws InterruptedException {
        scope.tokens().prepare();
        turn.running();
        Optional<Exception> failure = scope.failureOf(this::act);
        turn.closing();
        scope.settleDeferred();
        TurnEnd.write(scope, turn, failure.filter(e -> !(e instanceof TurnStoppedException)));
        TurnEnd.complete(scope, turn);
        TurnEnd.closeSession(scope, turn);
        return turn.next();
    }

    private void act() throws Exception {
        JsonNode action = message.data().path("payload").path("action");
        turn.knows(turn.run().withClientData(scope.clientData(message)));
        if (scope.hooks().hydrateMessages().isPresent()) {
            List<ObjectNode> messages = scope.hooks().hydrateMessages().get()
                    .on(new ChatEvent.HydrateMessages<>(turn, Optional.empty(), turn.history().messages()));
            turn.answers(new History(messages), turn.message());
        }
        if (scope.hooks().onAction().isPresent()) {
            scope.hooks().onAction().get().call(turn, action);
        }
    }
}
