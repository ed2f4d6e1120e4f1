package dev.baton.agent.chat;

import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.baton.wire.history.HistoryEdit;

/** Edits of the history by the code of one turn. It belongs to the thread that made it, that of the run. */
final class HistoryEditor {
    private final Conversation conversation;
    private final boolean agentKeepsHistory;
    private final Thread owner = Thread.currentThread();

    HistoryEditor(Conversation conversation, boolean agentKeepsHistory) {
        this.conversation = conversation;
        this.agentKeepsHistory = agentKeepsHistory;
    }

    /**
     * Returns what was changed.
     *
     * @param beingWritten id of the answer while its words are still to come: they would be lost
     */
    HistoryEdit edit(UnaryOperator<History> change, Optional<String> beingWritten) {
        if (Thread.currentThread() != owner) {
            throw new HistoryEditException(
                    "expected an edit of the history in a hook or in run, but it came from the thread '"
                            + Thread.currentThread().getName()
                            + "': hand its result to the thread of the turn and edit there");
        }
        if (agentKeepsHistory) {
            throw new HistoryEditException("expected no edit, because this agent keeps the history itself:"
                    + " change what hydrateMessages returns");
        }
        History before = conversation.history();
        HistoryEdit edit = between(before, change.apply(before.copy()));
        if (beingWritten.filter(edit::touches).isPresent()) {
            throw new HistoryEditException("expected the answer to be left alone while it is being written:"
                    + " edit it in onBeforeTurnComplete");
        }
        conversation.edit(edit);
        return edit;
    }

    private static HistoryEdit between(History before, History after) {
        try {
            return HistoryEdit.between(before.messages(), after.messages());
        } catch (IllegalArgumentException e) {
            throw new HistoryEditException(e.getMessage());
        }
    }
}
