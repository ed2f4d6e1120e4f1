package dev.baton.agent.chat;

import java.util.Optional;

/** How turns and actions end on {@code .out}. */
final class TurnEnd {
    private TurnEnd() {}

    /** The last chunks of the answer. */
    static void write(RunScope<?> scope, Turn<?> turn, Optional<Exception> error) throws InterruptedException {
        if (error.isPresent()) {
            scope.warn("turn failed", error.get());
            turn.answer().fail(ErrorText.of(error.get(), scope.hooks().onError()));
        } else if (turn.stopped()) {
            turn.answer().abort();
        } else {
            turn.answer().finish();
        }
    }

    /** Returns the seq of its last record. From here on stops are for the next turn, and nothing can be written to this one. */
    static long complete(RunScope<?> scope, Turn<?> turn) throws InterruptedException {
        Optional<String> token = scope.tokens().current(e -> scope.warn("no token for clients in this turn", e));
        long seq = scope.conversation().completeTurn(scope.inbox().settledSeq(), turn.closeReason(), token);
        turn.over();
        scope.inbox().turnEnded();
        scope.log().addKeyValue("turn", turn.number()).addKeyValue("trigger", turn.trigger()).log("turn complete");
        return seq;
    }

    /** After the last record of the turn: the run may not write any more when the session is closed. */
    static void closeSession(RunScope<?> scope, Turn<?> turn) throws InterruptedException {
        if (turn.closeReason().isPresent()) {
            scope.run().session().close(turn.closeReason().get());
            scope.log().log("conversation closed by the agent");
        }
    }
}
