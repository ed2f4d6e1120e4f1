package dev.baton.agent.chat;

/** Two chunks of one answer have the same id where it must be their own; nothing of the second one was written. */
public final class ClashingChunkException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    ClashingChunkException(String what, String id) {
        super("expected the id of " + what + " to be new in this answer, but '" + id
                + "' is taken: give each one its own");
    }
}
