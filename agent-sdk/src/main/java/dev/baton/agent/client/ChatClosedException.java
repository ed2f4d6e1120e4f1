package dev.baton.agent.client;

/** The session is closed: it takes no messages any more. What was said stays readable; another chat id begins anew. */
public final class ChatClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChatClosedException(String chatId, String reason) {
        super("expected an open chat, but " + chatId + " is closed" + (reason.isEmpty() ? "" : ": " + reason));
    }
}
