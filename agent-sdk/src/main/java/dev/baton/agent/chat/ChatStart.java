package dev.baton.agent.chat;

import java.util.Optional;

import dev.baton.agent.http.CallRefusedException;

/**
 * Whether the chat has started: its first turn calls {@code onChatStart}, whichever run that is, and no other one (features
 * #216, #217, X11). A run that answered left an answer; one that died before it could has left a mark. If a run dies between
 * the hook and the mark, the hook fires once more: the other order could leave it out. Used by the run's thread only.
 */
final class ChatStart<D> {
    private final RunScope<D> scope;
    private boolean started;

    ChatStart(RunScope<D> scope) {
        this.scope = scope;
    }

    /** @param before the conversation without the message of this turn */
    void fire(Turn<D> turn, History before) throws Exception {
        Optional<Hook<ChatEvent.ChatStart<D>>> hook = scope.hooks().onChatStart();
        if (started || hook.isEmpty()) {
            return;
        }
        started = scope.boot().recovered() && wasStartedByAnother(turn, before);
        if (!started) {
            started = true;
            try {
                hook.get().on(new ChatEvent.ChatStart<>(turn));
            } finally {
                mark();
            }
        }
    }

    private boolean wasStartedByAnother(Turn<D> turn, History before) throws InterruptedException {
        return before.hasAnswer() || turn.partial().isPresent() || scope.run().session().chatStarted();
    }

    private void mark() throws InterruptedException {
        try {
            scope.run().session().markChatStarted();
        } catch (CallRefusedException e) {
            // A session that is closed has no later run that could ask.
            scope.warn("could not mark the chat as started", e);
        }
    }
}
