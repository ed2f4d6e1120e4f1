package dev.baton.agent.chat;

/** An edit of the history where there can be none, or one that cannot be stored; the message says what to do. */
public final class HistoryEditException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    HistoryEditException(String message) {
        super(message);
    }
}
